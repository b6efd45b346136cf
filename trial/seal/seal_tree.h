// The RFC 9162 tree of a seal: entry i is line i of SHA256SUMS without its newline.
#pragma once

#include <atomic>
#include <cstddef>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/cpu/lane_hasher.h"
#include "engine/merkle/tree.h"

namespace salus::trial {

/// Where the newlines of `text` stand.
std::vector<std::size_t> line_ends(std::string_view text);

/// Leaf hashes of all lines. What follows the last newline does not count.
std::vector<Digest> line_leaves(std::string_view text, const engine::LaneHasher& hasher);

/// The same, and the root over them, made by as many threads as call `work`.
class LineHashing {
 public:
  /// All must outlive it; `ends` is `line_ends(text)`.
  LineHashing(std::string_view text, std::span<const std::size_t> ends,
              const engine::LaneHasher& hasher);

  /// Hashes lines until none is left. Thread safe.
  void work();

  // When every call of `work` has returned, and there was one.

  std::vector<Digest> take_leaves() { return std::move(leaves_); }
  [[nodiscard]] Digest root() const;

 private:
  const std::string_view text_;
  const std::span<const std::size_t> ends_;
  const engine::LaneHasher& hasher_;
  std::vector<Digest> leaves_;
  std::vector<Digest> roots_;  ///< Of each group of leaves.
  std::atomic<std::size_t> next_ = 0;
};

/// The tree over leaf hashes, with all its levels, for proofs.
merkle::Tree tree_of_leaves(std::vector<Digest> leaves, const engine::LaneHasher& hasher);

/// Its root alone; that of no leaves is SHA-256 of nothing.
Digest root_of_leaves(std::span<const Digest> leaves, const engine::LaneHasher& hasher);

}  // namespace salus::trial
