// Where a statement is on the chain.
#pragma once

#include <compare>
#include <cstdint>

namespace salus::node {

using Height = std::uint32_t;

/// Ordered by height, then index.
struct Position {
  Height height = 0;
  std::uint32_t index = 0;  ///< Within the block.
  friend auto operator<=>(const Position&, const Position&) = default;
};

}  // namespace salus::node
