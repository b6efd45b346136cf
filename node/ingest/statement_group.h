// Statements with bytes of their own: what a batch of the intake leaves behind.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "node/chain/statement_order.h"

namespace salus::node {

/// Copies of statements, all in one piece of memory. Immutable, and where it is for good.
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
  /// What the group takes up.
  [[nodiscard]] std::size_t memory_bytes() const;

 private:
  std::vector<std::uint8_t> bytes_;
  std::vector<PendingStatement> statements_;
};

/// The statements 1 to n of a block of the chain; those that cannot be read are left out. `encoded`
/// outlives what is returned.
std::vector<PendingStatement> statements_of_block(Bytes encoded, const BlockLimits& limits);

}  // namespace salus::node
