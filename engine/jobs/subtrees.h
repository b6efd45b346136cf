// A Merkle tree cut into aligned subtrees that different devices reduce, and put together again.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "engine/device.h"

namespace salus::engine {

/// Roots of runs of leaves. Every run but the last has a power of two of leaves and starts at a
/// multiple of its length.
class Subtrees {
 public:
  Subtrees(TreeKind kind, std::size_t leaf_count) : kind_(kind), leaf_count_(leaf_count) {}

  /// Leaves in a run that starts at `first` and has about `wanted` leaves: a power of two that
  /// `first` is a multiple of, less where the tree ends.
  [[nodiscard]] std::size_t run_length(std::size_t first, std::size_t wanted) const;

  /// The root that a device found for the run at `first`.
  void add(std::size_t first, std::size_t count, const Digest& root) {
    runs_[first] = {count, root};
  }

  /// The root of the whole tree; every run was added.
  [[nodiscard]] Digest root() const;

 private:
  struct Run {
    std::size_t count;
    Digest root;
  };

  /// The node over the `length` leaves (a power of two) from `first` on, as many as there are.
  [[nodiscard]] Digest root_of(std::size_t first, std::size_t length) const;

  TreeKind kind_;
  std::size_t leaf_count_;
  std::map<std::size_t, Run> runs_;
};

}  // namespace salus::engine
