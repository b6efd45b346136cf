// A key ends. The last authority and the last validator stay: without them a chain could never go
// on, and nobody could mend that.
#include "node/state/type_rules.h"
#include "node/statement/key_revocation.h"

namespace salus::node {
namespace {

bool is_well_formed(Bytes payload) { return decode_key_revocation(payload).has_value(); }

bool is_indispensable(const StateView& view, Role role) {
  return role != Role::device && view.active_keys(role) == 1;
}

std::variant<Effect, Refusal> decide(const RuleInput& input) {
  const auto revocation = decode_key_revocation(input.statement.payload);
  if (!revocation) return Refusal::malformed_payload;
  const KeyRecord* key = input.view.find_key(revocation->key);
  if (key == nullptr || !key->is_active()) return Refusal::unknown_target;
  if (is_indispensable(input.view, key->role)) return Refusal::not_permitted;
  return RevokeKey{revocation->key};
}

}  // namespace

TypeRule key_revocation_rule() {
  return {ContentType::key_revocation, {Role::authority}, is_well_formed, decide};
}

}  // namespace salus::node
