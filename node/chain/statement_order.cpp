#include "node/chain/statement_order.h"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "node/chain/block.h"
#include "node/state/rules.h"
#include "node/state/state_overlay.h"

namespace salus::node {
namespace {

/// Room that a validator statement takes at most, with all its claims.
constexpr std::size_t kValidatorStatementBytes = 2048;

bool changes_keys(ContentType type) {
  return type == ContentType::key_registration || type == ContentType::key_rotation ||
         type == ContentType::key_revocation;
}

/// Puts the statements of one signer into the order of their sequences, and all at the places of
/// those that came first.
class Order {
 public:
  explicit Order(std::span<const PendingStatement> pending)
      : pending_(pending), indexes_(pending.size()), ranks_(pending.size()) {
    std::iota(indexes_.begin(), indexes_.end(), std::size_t{0});
    sort_by_signer(indexes_);
    rank();
    std::ranges::sort(indexes_, {}, [this](std::size_t i) {
      return std::tuple(ranks_[i], pending_[i].statement.sequence);
    });
    sort_between_key_changes();
  }

  [[nodiscard]] std::span<const std::size_t> indexes() const { return indexes_; }

 private:
  void sort_by_signer(std::span<std::size_t> indexes) const {
    std::ranges::sort(indexes, {}, [this](std::size_t i) {
      const Statement& statement = pending_[i].statement;
      return std::tuple(statement.signer, statement.sequence, i);
    });
  }

  /// A statement's rank is when it came, or when one of the same signer came that must be behind
  /// it, whichever was first. So ranks rise with a signer's sequence.
  void rank() {
    for (std::size_t at = indexes_.size(); at-- > 0;) {
      const std::size_t i = indexes_[at];
      ranks_[i] = i;
      if (at + 1 == indexes_.size()) continue;
      const std::size_t next = indexes_[at + 1];
      if (pending_[next].statement.signer == pending_[i].statement.signer)
        ranks_[i] = std::min(ranks_[i], ranks_[next]);
    }
  }

  void sort_between_key_changes() {
    auto begin = indexes_.begin();
    while (begin != indexes_.end()) {
      const auto change = std::find_if(begin, indexes_.end(), [this](std::size_t i) {
        return changes_keys(pending_[i].statement.type);
      });
      sort_by_signer({begin, change});
      begin = change == indexes_.end() ? change : change + 1;
    }
  }

  std::span<const PendingStatement> pending_;
  std::vector<std::size_t> indexes_;
  std::vector<std::size_t> ranks_;
};

/// What is left of a block's limits.
class Room {
 public:
  explicit Room(const BlockLimits& limits) : limits_(limits) {}

  bool take(std::size_t statement_bytes) {
    if (statements_ + 1 > limits_.statements ||
        max_encoded_block_size(statements_ + 1, bytes_ + statement_bytes) > limits_.block_bytes)
      return false;
    ++statements_;
    bytes_ += statement_bytes;
    return true;
  }

 private:
  BlockLimits limits_;
  std::size_t statements_ = 1;
  std::size_t bytes_ = kValidatorStatementBytes;
};

}  // namespace

StatementOrder order_statements(std::span<const PendingStatement> pending, const StateView& state,
                                const RuleContext& context, const BlockLimits& limits) {
  StatementOrder result;
  StateOverlay after(state);
  Room room(limits);
  const Order order(pending);
  for (const std::size_t i : order.indexes()) {
    const auto& [statement, id] = pending[i];
    const auto refuse = [&](Refusal refusal) { result.refused.push_back({i, refusal}); };
    const auto signer = find_signer(after, statement);
    if (const auto* refusal = std::get_if<Refusal>(&signer)) {
      refuse(*refusal);
      continue;
    }
    const auto change =
        apply_rules(after, statement, id, *std::get<const KeyRecord*>(signer), context);
    if (const auto* refusal = std::get_if<Refusal>(&change)) {
      refuse(*refusal);
      continue;
    }
    // The next ones may need this one before them.
    if (!room.take(statement.message.size())) break;
    after.apply(std::get<StatementChange>(change));
    result.chosen.push_back(i);
  }
  return result;
}

}  // namespace salus::node
