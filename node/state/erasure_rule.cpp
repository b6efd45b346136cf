// A statement's body is to be deleted. The state does not hold the ids of all statements, so that
// whether there is such a statement is not a rule of the chain, and to erase one twice is no fault:
// an id that nobody has does no harm.
#include "node/state/type_rules.h"
#include "node/statement/erasure.h"

namespace salus::node {
namespace {

bool is_well_formed(Bytes payload) { return decode_erasure(payload).has_value(); }

std::variant<Effect, Refusal> decide(const RuleInput& input) {
  const auto erasure = decode_erasure(input.statement.payload);
  if (!erasure) return Refusal::malformed_payload;
  return EraseBody{erasure->statement};
}

}  // namespace

TypeRule erasure_rule() {
  return {ContentType::erasure, {Role::authority}, is_well_formed, decide};
}

}  // namespace salus::node
