// The rules for one type of statement: a file each, listed in rule_table.cpp.
//
// To add a type: give it a `ContentType`, write NAME_rule.cpp with a function that returns its
// `TypeRule`, and list that in the table.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <variant>

#include "node/state/key_record.h"
#include "node/state/rule_context.h"
#include "node/state/state_view.h"
#include "node/state/statement_change.h"
#include "node/statement/refusal.h"
#include "node/statement/statement.h"

namespace salus::node {

/// Which roles may sign statements of a type.
class Roles {
 public:
  constexpr Roles(std::initializer_list<Role> roles) {
    for (const Role role : roles) bits_ |= 1U << static_cast<unsigned>(role);
  }
  [[nodiscard]] constexpr bool contain(Role role) const {
    return (bits_ >> static_cast<unsigned>(role) & 1) != 0;
  }

 private:
  unsigned bits_ = 0;
};

/// What a rule looks at. All that is the same for every type holds already.
struct RuleInput {
  const StateView& view;
  const Statement& statement;
  const KeyRecord& signer;
  const RuleContext& context;
};

struct TypeRule {
  ContentType type;
  Roles signers;
  /// Whether the payload is what the content type says. Pure, and called from many threads.
  bool (*is_well_formed)(Bytes payload);
  /// What the statement does beside raising its signer's sequence, or why it is refused. Pure.
  std::variant<Effect, Refusal> (*decide)(const RuleInput& input);
};

/// For `TypeRule::decide` of types that do nothing else.
std::variant<Effect, Refusal> no_effect(const RuleInput& input);

/// The rule for this type.
const TypeRule& rule_for(ContentType type);

}  // namespace salus::node
