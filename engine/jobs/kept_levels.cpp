#include "engine/jobs/kept_levels.h"

#include <algorithm>

#include "engine/merkle/tree.h"

namespace salus::engine {

KeptLevels::KeptLevels(TreeKind kind, std::size_t leaf_count)
    : kind_(kind), nodes_(merkle_levels_size(leaf_count)), filled_(nodes_.size()) {
  std::size_t offset = 0;
  for (std::size_t n = leaf_count; n > 1; offset += n) {
    n = (n + 1) / 2;
    levels_.push_back({offset, n});
  }
}

void KeptLevels::add(std::size_t first, std::size_t count, std::span<const Digest> levels) {
  std::size_t height = 0;
  for (std::size_t n = count; n > 1; ++height) {
    n = (n + 1) / 2;
    const std::size_t to = levels_[height].offset + (first >> (height + 1));
    std::copy_n(levels.begin(), n, nodes_.begin() + static_cast<std::ptrdiff_t>(to));
    std::fill_n(filled_.begin() + static_cast<std::ptrdiff_t>(to), n, std::uint8_t{1});
    levels = levels.subspan(n);
  }
}

std::vector<Digest> KeptLevels::complete(std::span<const Digest> leaves) {
  std::span<const Digest> below = leaves;
  for (const Level& level : levels_) {
    const std::span<Digest> here = std::span(nodes_).subspan(level.offset, level.size);
    for (std::size_t i = 0; i < here.size(); ++i)
      if (!filled_[level.offset + i]) here[i] = merkle::parent_hash(kind_, below, i);
    below = here;
  }
  return std::move(nodes_);
}

}  // namespace salus::engine
