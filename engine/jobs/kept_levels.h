// All levels of a Merkle tree, filled in by subtrees that different devices reduced.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/device.h"

namespace salus::engine {

/// Levels above the leaves, laid out as `Device::merkle_reduce` does. Runs are those of `Subtrees`:
/// aligned, a power of two long except for the last. `add` may be called from many threads, since
/// different runs touch different nodes.
class KeptLevels {
 public:
  KeptLevels(TreeKind kind, std::size_t leaf_count);

  /// Takes the levels that a device stored for the run of leaves at `first`.
  void add(std::size_t first, std::size_t count, std::span<const Digest> levels);

  /// Hashes the nodes above the runs and gives all levels away; every run was added.
  std::vector<Digest> complete(std::span<const Digest> leaves);

 private:
  struct Level {
    std::size_t offset;  ///< Into nodes_.
    std::size_t size;
  };

  TreeKind kind_;
  std::vector<Level> levels_;
  std::vector<Digest> nodes_;
  std::vector<std::uint8_t>
      filled_;  ///< One for each node; bytes, so that threads do not share any.
};

}  // namespace salus::engine
