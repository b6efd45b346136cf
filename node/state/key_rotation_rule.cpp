// A new key takes an old one's place, said by the old key itself or by an authority.
#include "node/state/type_rules.h"
#include "node/statement/key_rotation.h"

namespace salus::node {
namespace {

bool is_well_formed(Bytes payload) { return decode_key_rotation(payload).has_value(); }

std::variant<Effect, Refusal> decide(const RuleInput& input) {
  const auto rotation = decode_key_rotation(input.statement.payload);
  if (!rotation) return Refusal::malformed_payload;
  const bool is_own = rotation->old_key == input.statement.signer;
  if (!is_own && input.signer.role != Role::authority) return Refusal::not_permitted;
  const KeyRecord* old = input.view.find_key(rotation->old_key);
  if (old == nullptr || !old->is_active()) return Refusal::unknown_target;
  const KeyId id = key_id(rotation->new_key);
  if (input.view.find_key(id) != nullptr) return Refusal::key_exists;
  return ReplaceKey{rotation->old_key, id,
                    new_key_record(rotation->new_key, old->role, input.statement.issued_at)};
}

}  // namespace

TypeRule key_rotation_rule() {
  return {ContentType::key_rotation,
          {Role::device, Role::validator, Role::authority},
          is_well_formed,
          decide};
}

}  // namespace salus::node
