// Statements with bytes of their own: what a batch of the intake leaves behind.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "node/chain/statement_order.h"

namespace salus::node {

/// Copies of statements, all in one piece of memory. Immutable, and where it is for good. Thread
/// safe.
class StatementGroup {
 public:
  explicit StatementGroup(std::span<const PendingStatement> statements);
  StatementGroup(const StatementGroup&) = delete;
  StatementGroup& operator=(const StatementGroup&) = delete;

  [[nodiscard]] std::size_t size() const { return statements_.size(); }
  [[nodiscard]] const PendingStatement& operator[](std::size_t i) const { return statements_[i]; }
  [[nodiscard]] std::span<const PendingStatement> statements() const { return statements_; }
  /// The whole message of each.
  [[nodiscard]] std::vector<Bytes> messages() const;
  /// Where the statement with this id is. The first call makes an index for all that follow.
  [[nodiscard]] std::optional<std::size_t> find(const Digest& id) const;
  /// What the group takes up, with that index.
  [[nodiscard]] std::size_t memory_bytes() const;

 private:
  std::vector<std::uint8_t> bytes_;
  std::vector<PendingStatement> statements_;
  mutable std::once_flag is_indexed_;
  mutable std::vector<std::uint32_t> by_id_;  // places, by the ids of what is there
};

/// The statements 1 to n of a block of the chain; those that cannot be read are left out. `encoded`
/// outlives what is returned.
std::vector<PendingStatement> statements_of_block(Bytes encoded, const BlockLimits& limits);

}  // namespace salus::node
