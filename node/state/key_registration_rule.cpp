// A key becomes known. Which role it gets is for the authority to say: also another authority's.
#include "node/state/type_rules.h"
#include "node/statement/key_registration.h"

namespace salus::node {
namespace {

bool is_well_formed(Bytes payload) { return decode_key_registration(payload).has_value(); }

std::variant<Effect, Refusal> decide(const RuleInput& input) {
  const auto registration = decode_key_registration(input.statement.payload);
  if (!registration) return Refusal::malformed_payload;
  const KeyId id = key_id(registration->key);
  if (input.view.find_key(id) != nullptr) return Refusal::key_exists;
  return AddKey{id,
                new_key_record(registration->key, registration->role, input.statement.issued_at)};
}

}  // namespace

TypeRule key_registration_rule() {
  return {ContentType::key_registration, {Role::authority}, is_well_formed, decide};
}

}  // namespace salus::node
