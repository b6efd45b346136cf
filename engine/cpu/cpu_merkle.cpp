// Merkle trees on the CPU.
#include <algorithm>
#include <cassert>

#include "engine/cpu/cpu_device.h"
#include "engine/error.h"

namespace salus::engine::cpu {
namespace {

constexpr std::size_t kNodesPerPart = 4096;
constexpr std::uint8_t kLeafPrefix = 0x00;

/// The level above `children`, which are at least 2; `parents` must not overlap them.
void reduce_level(ThreadPool& pool, const CpuVariant& variant, TreeKind kind,
                  std::span<const Digest> children, std::span<Digest> parents) {
  const std::size_t pairs = children.size() / 2;
  pool.run((pairs + kNodesPerPart - 1) / kNodesPerPart, [&](std::size_t part) {
    const std::size_t first = part * kNodesPerPart;
    variant.nodes(kind, &children[2 * first], std::min(kNodesPerPart, pairs - first),
                  &parents[first]);
  });
  if (children.size() % 2 == 0) return;
  const Digest odd = children.back();
  if (kind == TreeKind::rfc9162) {
    parents[pairs] = odd;
  } else {
    const Digest doubled[2] = {odd, odd};
    variant.nodes(kind, doubled, 1, &parents[pairs]);
  }
}

}  // namespace

Digest CpuDevice::merkle_reduce(TreeKind kind, std::span<const Digest> leaves,
                                std::span<Digest> levels) {
  assert(!leaves.empty());
  assert(levels.empty() || levels.size() == merkle_levels_size(leaves.size()));
  const CpuVariant& variant = *choose_for_merkle(options_).variant;
  std::vector<Digest> scratch;
  if (levels.empty()) {
    scratch.resize(merkle_levels_size(leaves.size()));
    levels = scratch;
  }
  std::span<const Digest> children = leaves;
  while (children.size() > 1) {
    const std::span<Digest> parents = levels.first((children.size() + 1) / 2);
    reduce_level(pool_, variant, kind, children, parents);
    levels = levels.subspan(parents.size());
    children = parents;
  }
  return children.front();
}

Digest CpuDevice::merkle_root(TreeKind kind, const MessageView& entries) {
  std::vector<Digest> leaves(entries.count());
  if (kind == TreeKind::rfc9162) {
    hash_many(entries, kLeafPrefix, leaves);
  } else {
    for (std::size_t i = 0; i < leaves.size(); ++i) {
      if (entries[i].size() != leaves[i].size())
        throw Error(ErrorKind::usage, "an entry of a Bitcoin tree must have 32 bytes");
      std::ranges::copy(entries[i], leaves[i].begin());
    }
  }
  return merkle_reduce(kind, leaves, {});
}

}  // namespace salus::engine::cpu
