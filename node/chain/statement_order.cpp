#include "node/chain/statement_order.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "node/chain/block.h"
#include "node/state/id_hash.h"
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
  /// What is compared, side by side: the statements themselves lie all over the memory.
  struct Place {
    std::uint64_t sequence = 0;
    std::uint32_t signer = 0;  ///< Number of the signer, in the order of their ids.
    std::uint32_t index = 0;   ///< In the order in which they came.
    std::uint32_t rank = 0;
  };

  explicit Order(std::span<const PendingStatement> pending) : places_(places_of(pending)) {
    std::ranges::sort(places_, by_signer);
    const auto changes = [&pending](const Place& place) {
      return changes_keys(pending[place.index].statement.type);
    };
    if (std::ranges::none_of(places_, changes)) return;
    rank();
    std::ranges::sort(places_, {},
                      [](const Place& place) { return std::tuple(place.rank, place.sequence); });
    for (auto begin = places_.begin(); begin != places_.end();) {
      const auto change = std::find_if(begin, places_.end(), changes);
      std::sort(begin, change, by_signer);
      begin = change == places_.end() ? change : change + 1;
    }
  }

  [[nodiscard]] std::span<const Place> places() const { return places_; }

 private:
  static bool by_signer(const Place& a, const Place& b) {
    return std::tie(a.signer, a.sequence, a.index) < std::tie(b.signer, b.sequence, b.index);
  }

  static std::vector<Place> places_of(std::span<const PendingStatement> pending) {
    std::unordered_map<KeyId, std::uint32_t, IdHash> numbers;
    for (const PendingStatement& each : pending) numbers.try_emplace(each.statement.signer);
    std::vector<KeyId> signers;
    signers.reserve(numbers.size());
    for (const auto& [signer, number] : numbers) signers.push_back(signer);
    std::ranges::sort(signers);
    for (std::uint32_t i = 0; i < signers.size(); ++i) numbers[signers[i]] = i;

    std::vector<Place> places;
    places.reserve(pending.size());
    for (std::uint32_t i = 0; i < pending.size(); ++i) {
      const Statement& statement = pending[i].statement;
      places.push_back({statement.sequence, numbers[statement.signer], i, i});
    }
    return places;
  }

  /// A statement's rank is when it came, or when one of the same signer came that must be behind
  /// it, whichever was first. So ranks rise with a signer's sequence.
  void rank() {
    for (std::size_t at = places_.size(); at-- > 1;) {
      Place& before = places_[at - 1];
      if (before.signer == places_[at].signer)
        before.rank = std::min(before.rank, places_[at].rank);
    }
  }

  std::vector<Place> places_;
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
  for (const Order::Place& place : order.places()) {
    const std::size_t i = place.index;
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
