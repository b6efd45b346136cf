// Statement 0 of a block: who made it. What it says of the block is compared where blocks are
// checked (node/chain/validator_rules.h); here only that he made it is kept.
#include "node/state/type_rules.h"
#include "node/statement/validator.h"

namespace salus::node {
namespace {

bool is_well_formed(Bytes payload) { return decode_validator(payload).has_value(); }

std::variant<Effect, Refusal> decide(const RuleInput& input) {
  return RecordValidator{input.context.height};
}

}  // namespace

TypeRule validator_rule() {
  return {ContentType::validator, {Role::validator}, is_well_formed, decide};
}

}  // namespace salus::node
