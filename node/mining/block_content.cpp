#include "node/mining/block_content.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "node/chain/statement_order.h"

namespace salus::node {
namespace {

/// Each turn takes out what the one before found not to be permitted.
constexpr int kMostTurns = 8;

/// Whether the chain has the statement, or has overtaken it: it leaves the mempool by itself.
bool is_behind(Refusal refusal) {
  return refusal == Refusal::duplicate || refusal == Refusal::sequence_not_risen;
}

/// Whether nothing that comes later will make the rules permit it.
bool is_final(Refusal refusal) { return refusal != Refusal::issued_in_future; }

/// Of what was selected, that which is still hoped for.
class Candidates {
 public:
  Candidates(Mempool& mempool, Mempool::Selection selection)
      : mempool_(mempool), selection_(std::move(selection)) {}

  [[nodiscard]] const std::vector<PendingStatement>& statements() const {
    return selection_.statements;
  }
  std::vector<std::shared_ptr<const StatementGroup>> take_groups() {
    return std::move(selection_.groups);
  }

  void leave_out(const std::vector<StatementOrder::Refused>& refused) {
    std::vector<bool> is_out(selection_.statements.size());
    std::size_t first_held_back = selection_.statements.size();
    for (const auto& [index, refusal] : refused) {
      is_out[index] = true;
      if (is_behind(refusal)) continue;
      const PendingStatement& pending = selection_.statements[index];
      if (is_final(refusal) && !selection_.is_partial) {
        mempool_.drop(pending, refusal);
        continue;
      }
      hold_back(pending.statement);
      first_held_back = std::min(first_held_back, index);
    }
    // It might end the key of what has to wait.
    for (std::size_t i = first_held_back; i < selection_.statements.size(); ++i)
      if (Mempool::changes_keys(selection_.statements[i].statement.type))
        hold_back(selection_.statements[i].statement);
    keep_others(is_out);
  }

 private:
  /// A signer's statements only go in up to this one.
  void hold_back(const Statement& statement) {
    const auto [entry, is_new] = held_back_.emplace(statement.signer, statement.sequence);
    if (!is_new) entry->second = std::min(entry->second, statement.sequence);
    selection_.is_partial = true;
  }

  void keep_others(const std::vector<bool>& is_out) {
    std::vector<PendingStatement> left;
    for (std::size_t i = 0; i < is_out.size(); ++i) {
      const PendingStatement& pending = selection_.statements[i];
      const auto limit = held_back_.find(pending.statement.signer);
      const bool overtakes =
          limit != held_back_.end() && pending.statement.sequence >= limit->second;
      if (!is_out[i] && !overtakes) left.push_back(pending);
    }
    selection_.statements = std::move(left);
  }

  Mempool& mempool_;
  Mempool::Selection selection_;
  std::unordered_map<KeyId, std::uint64_t, IdHash> held_back_;
};

}  // namespace

BlockContent choose_content(const Chain& chain, Mempool& mempool, const ContentLimits& limits,
                            std::int64_t now) {
  const ChainParameters& parameters = chain.genesis().parameters();
  BlockLimits block = parameters.limits;
  block.statements =
      static_cast<std::uint32_t>(std::min<std::size_t>(block.statements, limits.statements + 1));
  block.block_bytes =
      static_cast<std::uint32_t>(std::min<std::size_t>(block.block_bytes, limits.bytes));

  BlockContent content;
  content.next = chain.next_block();
  content.time = std::max(content.next.earliest_time,
                          static_cast<std::uint32_t>(std::max<std::int64_t>(now, 0)));
  const RuleContext context{content.time, parameters.max_ahead, content.next.place.height, false};
  Candidates candidates(mempool, mempool.select(block.statements, block.block_bytes));
  for (int turn = 0; turn < kMostTurns; ++turn) {
    StatementOrder order;
    bool is_same_tip = false;
    chain.with_state([&](const ChainTip& tip, const State& state) {
      is_same_tip = tip.id == content.next.place.previous;
      if (is_same_tip) order = order_statements(candidates.statements(), state, context, block);
    });
    if (!is_same_tip) return content;  // the block will be stale: it may as well be empty
    if (order.refused.empty()) {
      content.statements.reserve(order.chosen.size());
      for (const std::size_t i : order.chosen)
        content.statements.push_back(candidates.statements()[i]);
      content.groups = candidates.take_groups();
      return content;
    }
    candidates.leave_out(order.refused);
  }
  return content;
}

}  // namespace salus::node
