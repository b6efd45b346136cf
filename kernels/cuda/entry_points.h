// What the CUDA backend can launch: argument structures shared by host and device, and for each
// translation unit of kernels a list of its entry points.
#pragma once

#include <cstdint>
#include <span>

#include "kernels/mine_params.h"

namespace salus::kernels::cuda {

/// A candidate as a mining kernel stores it.
struct MineHit {
  std::uint32_t nonce;
  std::uint32_t version_index;
};

/// Where a mining kernel puts candidates. `found` counts all of them, also those beyond `capacity`,
/// which are not stored: found > capacity says that the range has to be scanned again in parts.
struct MineHits {
  MineHit* slots;
  std::uint32_t* found;
  std::uint32_t capacity;
};

/// One launch: a thread a nonce, and each of the versions. nonce_count * version_count < 2^32, so
/// that `found` cannot wrap.
struct MineRange {
  std::uint32_t nonce_begin;
  std::uint32_t nonce_count;
  std::uint32_t version_begin;
  std::uint32_t version_count;
};

/// Where a message lies in the batch buffer.
struct MessageSlot {
  std::uint64_t offset;  ///< From the buffer's start in bytes; a multiple of 16.
  std::uint64_t length;  ///< In bytes, without the prefix.
};

/// Many messages in a batch buffer whose bytes past each message up to a multiple of 16 may be
/// read.
struct HashBatch {
  const std::uint8_t* data;
  const MessageSlot* slots;        ///< Null when all messages have `fixed_length`.
  std::uint64_t fixed_length;      ///< In bytes, without the prefix.
  std::uint64_t fixed_stride;      ///< From one message to the next; a multiple of 16.
  const std::uint32_t* out_index;  ///< Digest of message i goes to out[out_index[i]]; null: out[i].
  std::uint8_t* out;               ///< 32 bytes a message.
  std::uint32_t count;
  std::uint32_t has_prefix;  ///< 0 or 1.
  std::uint32_t prefix;      ///< One byte that is hashed in front of every message.
};

using MineKernel = void (*)(MineParams, MineRange, MineHits);
using HashKernel = void (*)(HashBatch);
/// out[i] from in[i], `count` of them, 32 bytes each.
using LeafKernel = void (*)(const std::uint8_t* in, std::uint8_t* out, std::uint32_t count);
/// One level up: `count` nodes to ceil(count / 2).
using LevelKernel = void (*)(const std::uint8_t* in, std::uint8_t* out, std::uint32_t count);

/// A mining kernel that takes exactly `versions` of them in one pass, or any number if 0.
struct MineEntry {
  const char* arrangement;
  unsigned versions;
  MineKernel kernel;
};

struct HashEntries {
  HashKernel hash;
  LeafKernel leaf32;
  LevelKernel level_rfc9162;
  LevelKernel level_bitcoin;
};

/// The entry points of each form.
std::span<const MineEntry> mine_entries_plain();
std::span<const MineEntry> mine_entries_adds();
std::span<const MineEntry> mine_entries_one_rotate();
std::span<const MineEntry> mine_entries_two_rotates();
HashEntries hash_entries_plain();
HashEntries hash_entries_adds();

}  // namespace salus::kernels::cuda
