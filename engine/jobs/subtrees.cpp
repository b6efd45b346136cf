#include "engine/jobs/subtrees.h"

#include <algorithm>
#include <bit>

#include "engine/merkle/tree.h"

namespace salus::engine {

std::size_t Subtrees::run_length(std::size_t first, std::size_t wanted) const {
  std::size_t length = std::bit_floor(std::max<std::size_t>(wanted, 1));
  if (first != 0) length = std::min(length, first & (~first + 1));
  return std::min(length, leaf_count_ - first);
}

Digest Subtrees::root() const { return root_of(0, std::bit_ceil(leaf_count_)); }

Digest Subtrees::root_of(std::size_t first, std::size_t length) const {
  const std::size_t present = std::min(length, leaf_count_ - first);
  const auto run = runs_.find(first);
  if (run != runs_.end() && run->second.count == present) {
    Digest root = run->second.root;
    if (kind_ ==
        TreeKind::bitcoin)  // a short last run is doubled up to the height of its neighbours
      for (std::size_t n = std::bit_ceil(present); n < length; n *= 2)
        root = merkle::node_hash(kind_, root, root);
    return root;
  }
  const std::size_t half = length / 2;
  const Digest left = root_of(first, half);
  if (half < present) return merkle::node_hash(kind_, left, root_of(first + half, half));
  return kind_ == TreeKind::bitcoin ? merkle::node_hash(kind_, left, left) : left;
}

}  // namespace salus::engine
