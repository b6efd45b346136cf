// Merkle trees on all cores.
//
// A tree is reduced in passes of a few levels. In a pass each chunk of neighbouring nodes is one
// thread's work and goes up those levels while it is in the first-level cache, down to a width at
// which lanes are still full; what the chunks leave behind is the next pass's input, 32 times
// smaller.
#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstring>
#include <functional>

#include "engine/cpu/cpu_device.h"
#include "engine/cpu/multi_hash.h"
#include "engine/error.h"

namespace salus::engine::cpu {
namespace {

/// Levels of a pass, and nodes of a chunk: 32 KiB of digests.
constexpr unsigned kPassHeight = 5;
constexpr std::size_t kChunk = 1024;
/// Parts of a pass for each thread, so that all end together.
constexpr std::size_t kPartsPerThread = 8;

constexpr std::uint8_t kLeafPrefix = 0x00;

using Chunk = std::array<Digest, kChunk>;

/// The nodes of a chunk: wherever they lie, or after being put into `buffer`.
using LoadChunk =
    std::function<std::span<const Digest>(std::size_t first, std::size_t count, Chunk& buffer)>;

/// Bits that the number of the last of `count` leaves has: levels above them.
unsigned levels_above(std::size_t count) {
  return static_cast<unsigned>(std::bit_width(count - 1));
}

std::size_t nodes_at(std::size_t leaves, unsigned height) { return ((leaves - 1) >> height) + 1; }

class Reduction {
 public:
  Reduction(ThreadPool& pool, const HashVariants& variants, TreeKind kind)
      : pool_(pool), variants_(variants), kind_(kind) {}

  /// The root over `count` leaves. `levels` is empty or takes every level above them.
  Digest root(std::size_t count, const LoadChunk& leaves, std::span<Digest> levels) {
    assert(count > 1);
    std::vector<Digest> below;
    std::vector<Digest> top;
    LoadChunk load = leaves;
    for (;;) {
      const unsigned height = std::min(kPassHeight, levels_above(count));
      std::array<Digest*, kPassHeight> places{};
      const std::size_t rest = nodes_at(count, height);
      if (levels.empty()) {
        top.resize(rest);
        places[height - 1] = top.data();
      } else {
        levels = keep_levels(count, height, levels, places);
      }
      pass(count, load, height, places);
      const Digest* result = places[height - 1];
      if (rest == 1) return *result;
      std::swap(below, top);
      load = [result](std::size_t first, std::size_t size, Chunk&) {
        return std::span(result + first, size);
      };
      count = rest;
    }
  }

 private:
  /// Where each level of a pass over `count` nodes goes; returns what of `levels` is left.
  static std::span<Digest> keep_levels(std::size_t count, unsigned height, std::span<Digest> levels,
                                       std::array<Digest*, kPassHeight>& places) {
    for (unsigned h = 0; h < height; ++h) {
      places[h] = levels.data();
      levels = levels.subspan(nodes_at(count, h + 1));
    }
    return levels;
  }

  void pass(std::size_t count, const LoadChunk& load, unsigned height,
            const std::array<Digest*, kPassHeight>& places) {
    const std::size_t chunks = (count + kChunk - 1) / kChunk;
    const std::size_t per_part = std::max<std::size_t>(
        1, chunks / (kPartsPerThread * static_cast<std::size_t>(pool_.threads())));
    pool_.run((chunks + per_part - 1) / per_part, [&](std::size_t part) {
      Chunk buffer;
      const std::size_t end = std::min(chunks, (part + 1) * per_part);
      for (std::size_t chunk = part * per_part; chunk < end; ++chunk) {
        const std::size_t first = chunk * kChunk;
        const std::size_t size = std::min(kChunk, count - first);
        climb(first, load(first, size, buffer), height, places, buffer);
      }
    });
  }

  /// Takes the nodes from number `first` on up the levels of a pass. A level without a place passes
  /// through `scratch`, where `nodes` may lie too.
  void climb(std::size_t first, std::span<const Digest> nodes, unsigned height,
             const std::array<Digest*, kPassHeight>& places, Chunk& scratch) {
    for (unsigned h = 0; h < height; ++h) {
      first /= 2;
      Digest* const parents = places[h] != nullptr ? places[h] + first : scratch.data();
      nodes = parents_of(nodes, parents);
    }
  }

  /// The level above `children`. `parents` may be where they are.
  std::span<const Digest> parents_of(std::span<const Digest> children, Digest* parents) const {
    const std::size_t pairs = children.size() / 2;
    const Digest last = children.back();
    nodes(children.data(), pairs, parents);
    if (children.size() % 2 == 0) return {parents, pairs};
    if (kind_ == TreeKind::rfc9162) {
      parents[pairs] = last;
    } else {
      const Digest doubled[2] = {last, last};
      nodes(doubled, 1, parents + pairs);
    }
    return {parents, pairs + 1};
  }

  void nodes(const Digest* children, std::size_t pairs, Digest* parents) const {
    const CpuVariant& variant = pairs <= variants_.few_limit ? *variants_.few : *variants_.many;
    variant.nodes(kind_, children, pairs, parents);
  }

  ThreadPool& pool_;
  const HashVariants& variants_;
  TreeKind kind_;
};

HashVariants choose_merkle_variants(const CpuOptions& options) {
  HashVariants variants = choose_hash_variants(options);
  variants.many = choose_for_merkle(options).variant;
  return variants;
}

void require_digests(const MessageView& entries) {
  constexpr std::size_t size = sizeof(Digest);
  if (entries.fixed_length() == size) return;
  for (std::size_t i = 0; i < entries.count(); ++i)
    if (entries[i].size() != size)
      throw Error(ErrorKind::usage, "an entry of a Bitcoin tree must have 32 bytes");
}

}  // namespace

Digest CpuDevice::merkle_reduce(TreeKind kind, std::span<const Digest> leaves,
                                std::span<Digest> levels) {
  assert(!leaves.empty());
  assert(levels.empty() || levels.size() == merkle_levels_size(leaves.size()));
  if (leaves.size() == 1) return leaves.front();
  const HashVariants variants = choose_merkle_variants(options_);
  return Reduction(pool_, variants, kind)
      .root(
          leaves.size(),
          [&](std::size_t first, std::size_t count, Chunk&) {
            return leaves.subspan(first, count);
          },
          levels);
}

Digest CpuDevice::merkle_root(TreeKind kind, const MessageView& entries) {
  const std::size_t count = entries.count();
  assert(count > 0);
  if (kind == TreeKind::bitcoin) require_digests(entries);
  if (entries.fixed_length() != sizeof(Digest) || count == 1) {
    std::vector<Digest> leaves(count);
    if (kind == TreeKind::rfc9162)
      hash_many(entries, kLeafPrefix, leaves);
    else
      for (std::size_t i = 0; i < count; ++i) std::ranges::copy(entries[i], leaves[i].begin());
    return merkle_reduce(kind, leaves, {});
  }
  const HashVariants variants = choose_merkle_variants(options_);
  const std::uint8_t* const bytes = entries.contiguous().data();
  return Reduction(pool_, variants, kind)
      .root(count,
            [&](std::size_t first, std::size_t size, Chunk& buffer) -> std::span<const Digest> {
              const std::uint8_t* const from = bytes + sizeof(Digest) * first;
              if (kind == TreeKind::rfc9162)
                variants.many->leaves32(from, size, buffer.data());
              else
                std::memcpy(buffer.data(), from, sizeof(Digest) * size);
              return std::span(buffer).first(size);
            },
            {});
}

}  // namespace salus::engine::cpu
