// Which of the statements that wait go into a block, and in what order.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/bytes.h"
#include "node/chain/chain_parameters.h"
#include "node/state/rule_context.h"
#include "node/state/state_view.h"
#include "node/statement/refusal.h"
#include "node/statement/statement.h"

namespace salus::node {

/// A statement that was taken in: its form and its signature hold.
struct PendingStatement {
  Statement statement;
  Digest id{};
};

struct StatementOrder {
  struct Refused {
    std::size_t index;
    Refusal refusal;
  };
  /// Indexes of those for the block, in its order.
  std::vector<std::size_t> chosen;
  /// Those that the rules do not permit in a block on this state.
  std::vector<Refused> refused;
  // All others wait for another block: this one is full.
};

/// `pending` is in the order in which the statements were taken in, and `state` is that on which
/// the block builds. Statements are put in the order of signer and sequence, which keeps one key's
/// tables in the cache while signatures are verified; but what changes keys (registration,
/// rotation, revocation) stays between those that came before and those that came after, so that
/// whatever was permitted when it was taken in is permitted in the block.
StatementOrder order_statements(std::span<const PendingStatement> pending, const StateView& state,
                                const RuleContext& context, const BlockLimits& limits);

}  // namespace salus::node
