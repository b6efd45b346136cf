#include "node/state/rules.h"

#include "node/state/rule.h"

namespace salus::node {
namespace {

/// What is the same for statements of all types.
std::optional<Refusal> check_common(const TypeRule& rule, const Statement& statement,
                                    const Digest& id, const KeyRecord& signer,
                                    const RuleContext& context) {
  const bool is_in_place = context.is_first == (statement.type == ContentType::validator);
  if (!is_in_place || !rule.signers.contain(signer.role)) return Refusal::not_permitted;
  if (signer.last) {
    if (id == signer.last->id) return Refusal::duplicate;
    if (statement.sequence <= signer.last->sequence) return Refusal::sequence_not_risen;
  }
  if (statement.issued_at > context.time + context.max_ahead) return Refusal::issued_in_future;
  // Clocks differ: those that may be ahead of each other may be behind as well.
  if (statement.issued_at + context.max_ahead < signer.registered_at)
    return Refusal::issued_before_registration;
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> check_payload(const Statement& statement) {
  if (rule_for(statement.type).is_well_formed(statement.payload)) return std::nullopt;
  return Refusal::malformed_payload;
}

std::variant<const KeyRecord*, Refusal> find_signer(const StateView& view,
                                                    const Statement& statement) {
  const KeyRecord* signer = view.find_key(statement.signer);
  if (signer == nullptr) return Refusal::unknown_signer;
  if (!signer->is_active()) return Refusal::revoked_signer;
  if (signer->algorithm != statement.algorithm) return Refusal::wrong_algorithm;
  return signer;
}

std::variant<StatementChange, Refusal> apply_rules(const StateView& view,
                                                   const Statement& statement, const Digest& id,
                                                   const KeyRecord& signer,
                                                   const RuleContext& context) {
  const TypeRule& rule = rule_for(statement.type);
  if (const auto refusal = check_common(rule, statement, id, signer, context)) return *refusal;
  StatementChange change{statement.signer, {statement.sequence, id}, {}};
  if (rule.decide == no_effect) return change;
  auto decided = rule.decide({view, statement, signer, context});
  if (const auto* refusal = std::get_if<Refusal>(&decided)) return *refusal;
  change.effect = std::get<Effect>(decided);
  return change;
}

}  // namespace salus::node
