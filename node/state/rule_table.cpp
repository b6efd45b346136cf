#include <array>
#include <cassert>

#include "node/state/type_rules.h"

namespace salus::node {
namespace {

/// A line for each type, in the order of `ContentType`.
const std::array kRules = {
    senml_cbor_rule(),       senml_json_rule(),   fhir_json_rule(),
    key_registration_rule(), key_rotation_rule(), key_revocation_rule(),
    data_seal_rule(),        erasure_rule(),      validator_rule(),
};

}  // namespace

std::variant<Effect, Refusal> no_effect(const RuleInput& /*input*/) { return Effect{}; }

const TypeRule& rule_for(ContentType type) {
  const TypeRule& rule = kRules.at(static_cast<std::size_t>(type));
  assert(rule.type == type);
  return rule;
}

}  // namespace salus::node
