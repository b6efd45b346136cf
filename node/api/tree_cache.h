// Merkle trees of blocks that somebody asked about a short while ago: whoever fetches a receipt
// often fetches more from the same block, and a large block's tree takes a million hashes.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "engine/bytes.h"
#include "engine/merkle/tree.h"

namespace salus::node::api {

/// Thread safe. One tree is built at a time, so that many who ask for receipts cannot take the
/// engine, or memory, from everything else.
class TreeCache {
 public:
  /// Keeps trees of at most so many leaves in all, 64 bytes each; the last one always.
  explicit TreeCache(std::size_t max_leaves) : max_leaves_(max_leaves) {}

  /// The tree of a block, from `build` where it is not kept; nullptr where that gives nothing.
  /// Throws what `build` throws.
  std::shared_ptr<const merkle::Tree> find(
      const Digest& block, const std::function<std::optional<merkle::Tree>()>& build);

 private:
  struct Kept {
    Digest block{};
    std::shared_ptr<const merkle::Tree> tree;
  };

  const std::size_t max_leaves_;
  std::mutex mutex_;
  std::deque<Kept> kept_;  // the last one asked for in front
  std::size_t leaves_ = 0;
};

}  // namespace salus::node::api
