// SHA-256 over messages that lie in memory padded, in whole blocks: for callers who lay out very
// many short messages themselves and for whom a task for each would cost as much as the hashing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/cpu/multi_hash.h"

namespace salus::engine::cpu {

/// Compresses on the calling thread. Immutable: one may be shared by threads.
class BlockHasher {
 public:
  static constexpr std::size_t kBlock = 64;

  /// Chooses the variants as the CPU device does (`options.threads` does not matter here).
  explicit BlockHasher(const CpuOptions& options = {});

  /// Compresses the `blocks` blocks at data[i] into *states[i], for each i. `data` has as many
  /// entries as `states`, which stand for different ones.
  void compress(std::span<StreamState* const> states, const std::uint8_t* const* data,
                std::size_t blocks) const;

  /// out[i] = SHA-256(0x01 || children[2i] || children[2i + 1]). `out` may be `children`.
  void nodes(const Digest* children, std::size_t pairs, Digest* out) const;

  /// The root of the RFC 9162 tree over leaf hashes; of none, that is SHA-256 of nothing.
  [[nodiscard]] Digest root(std::vector<Digest> leaves) const;

 private:
  HashVariants variants_;
};

/// Blocks that a message of `size` bytes takes up with its padding.
constexpr std::size_t padded_blocks(std::size_t size) {
  return (size + 9 + BlockHasher::kBlock - 1) / BlockHasher::kBlock;
}

/// Writes the padding (FIPS 180-4, 5.1.1) behind the first `used` bytes of a message's `blocks`
/// blocks. `hashed` counts its bytes, with those that went into the state before.
void write_padding(std::uint8_t* message, std::size_t used, std::size_t blocks,
                   std::uint64_t hashed);

/// Messages whose lengths differ, by their number of blocks, so that each call fills the lanes.
/// Memory is used again.
class BlockGroups {
 public:
  /// Both stay in place until `compress` is done.
  void add(StreamState* state, const std::uint8_t* data, std::size_t blocks);
  /// Compresses all that was added; empty afterwards.
  void compress(const BlockHasher& hasher);

 private:
  struct Group {
    std::vector<StreamState*> states;
    std::vector<const std::uint8_t*> data;
  };
  struct Long {
    StreamState* state;
    const std::uint8_t* data;
    std::size_t blocks;
  };

  static constexpr std::size_t kGroups = 32;

  Group groups_[kGroups];  // by blocks - 1
  std::vector<Long> long_;
};

}  // namespace salus::engine::cpu
