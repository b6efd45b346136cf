// Batches of signatures as devices take them: a structure of arrays with the raw messages behind
// it, in one stretch of memory that is copied at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/signature/signature.h"

namespace salus::engine::signature::device {

/// An item of a call, and where the device has a table for its key, in units of SALUS_TABLE_UNIT
/// bytes.
struct Entry {
  std::uint32_t item;
  std::uint32_t table = 0;  ///< Only where the path is one for registered keys.
};

/// What one batch may be at most. One item always fits into `bytes`, whatever its message's length.
struct BatchLimits {
  std::size_t items;
  std::size_t bytes;

  /// Limits for batches of `items`: room for messages of a few hundred bytes each.
  static BatchLimits of(std::size_t items);
};

/// Where the arrays of a batch begin, in bytes from the start of its memory; multiples of 16. At 0
/// are the slots (kernels/gpu/signature_batch.h).
struct BatchLayout {
  std::size_t keys = 0;
  std::size_t signatures = 0;
  std::size_t messages = 0;
  std::size_t size = 0;

  friend bool operator==(const BatchLayout&, const BatchLayout&) = default;
};

/// Messages of more bytes than this are hashed on the host: one work-item hashes block after block,
/// and its neighbours would wait.
inline constexpr std::size_t kMostDeviceMessageBytes = 32 * 1024;

/// Puts items with the longest messages first: neighbours in a batch then hash about as many
/// blocks.
void sort_by_blocks(std::span<const Item> items, std::span<Entry> entries);

/// How many of `entries` fit into one batch, from the first on; at least 1 of them.
std::size_t batch_count(std::span<const Item> items, std::span<const Entry> entries,
                        const BatchLimits& limits);

/// All entries have the same algorithm.
BatchLayout batch_layout(std::span<const Item> items, std::span<const Entry> entries);

/// Fills the first `layout.size` bytes of `memory`. Hashes long messages, on the calling thread.
void pack_batch(std::span<const Item> items, std::span<const Entry> entries,
                const BatchLayout& layout, std::span<std::uint8_t> memory);

}  // namespace salus::engine::signature::device
