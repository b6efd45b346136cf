// The rules of the chain: one function from (state, statement, context) to a change or a refusal.
//
// Every validator must come to the same answer, so that the order of the checks is a rule, too:
//
//   form (`parse_statement`: oversize, malformed, unsupported_algorithm, unsupported_type)
//   `check_payload`   malformed_payload
//   `find_signer`     unknown_signer, revoked_signer, wrong_algorithm
//   the signature     bad_signature
//   `apply_rules`     not_permitted (type, place and role), duplicate, sequence_not_risen,
//                     issued_in_future, issued_before_registration, then what the type demands
//
// A block's statements are looked at one after the other, each on what those before it left. All
// functions are pure. docs/chain.md has the reasons.
#pragma once

#include <optional>
#include <variant>

#include "engine/bytes.h"
#include "node/state/key_record.h"
#include "node/state/rule_context.h"
#include "node/state/state_view.h"
#include "node/state/statement_change.h"
#include "node/statement/refusal.h"
#include "node/statement/statement.h"

namespace salus::node {

/// malformed_payload where the payload is not what the content type says.
std::optional<Refusal> check_payload(const Statement& statement);

/// The record of the key that the statement says it is signed by.
std::variant<const KeyRecord*, Refusal> find_signer(const StateView& view,
                                                    const Statement& statement);

/// What a statement with this id does to the state, or why it is refused. `signer` is what
/// `find_signer` gave; the signature holds.
std::variant<StatementChange, Refusal> apply_rules(const StateView& view,
                                                   const Statement& statement, const Digest& id,
                                                   const KeyRecord& signer,
                                                   const RuleContext& context);

}  // namespace salus::node
