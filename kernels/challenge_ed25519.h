// Ed25519's challenge, k = SHA-512(R || A || M) mod L, for one item a lane.
//
// Included by a variant file inside its own namespace, after ed25519_variant.h and <cstring>.
#pragma once

#include "kernels/scalar25519.h"
#include "kernels/sha512.h"

static constexpr std::size_t kSha512Block = 128;
static constexpr std::size_t kChallengeHeader = 64;  // R and A in front of the message

SALUS_FN std::size_t challenge_blocks(std::size_t message_size) {
  constexpr std::size_t kPadding = 17;  // a bit and a length of 128 bits
  return (kChallengeHeader + message_size + kPadding + kSha512Block - 1) / kSha512Block;
}

/// Block `index` of R || A || M || padding. Whole blocks of the message are used where they lie;
/// all others are put together in `buffer`.
static const u8* challenge_block(const ChallengeItem& item, std::size_t index,
                                 u8 buffer[kSha512Block]) {
  const std::size_t begin = index * kSha512Block;
  const std::size_t total = kChallengeHeader + item.message_size;
  if (begin >= kChallengeHeader && begin + kSha512Block <= total)
    return item.message + (begin - kChallengeHeader);

  std::memset(buffer, 0, kSha512Block);
  std::size_t filled = 0;
  if (index == 0) {
    std::memcpy(buffer, item.r, 32);
    std::memcpy(buffer + 32, item.key, 32);
    filled = kChallengeHeader;
  }
  const std::size_t at = begin + filled;  // in R || A || M
  if (at < total) {
    const std::size_t left = total - at;
    const std::size_t room = kSha512Block - filled;
    const std::size_t size = left < room ? left : room;
    std::memcpy(buffer + filled, item.message + (at - kChallengeHeader), size);
  }
  if (begin <= total && total < begin + kSha512Block) buffer[total - begin] = 0x80;
  if (index + 1 == challenge_blocks(item.message_size)) {
    const u64 bits = __builtin_bswap64(static_cast<u64>(total) * 8);
    std::memcpy(buffer + kSha512Block - 8, &bits, 8);
  }
  return buffer;
}

/// The challenges of SALUS_LANES64 items.
static void challenge_lanes(const ChallengeItem* const items[SALUS_LANES64],
                            u64 (*const k[SALUS_LANES64])[4]) {
  u64 blocks[SALUS_LANES64];
  std::size_t most = 0;
  for (int lane = 0; lane < SALUS_LANES64; ++lane) {
    blocks[lane] = challenge_blocks(items[lane]->message_size);
    if (blocks[lane] > most) most = blocks[lane];
  }
  L lane_blocks;
  std::memcpy(&lane_blocks, blocks, sizeof lane_blocks);
  L state[8];
  for (int i = 0; i < 8; ++i) state[i] = lane_splat(kSha512Initial[i]);

  for (std::size_t block = 0; block < most; ++block) {
    alignas(64) u8 buffers[SALUS_LANES64][kSha512Block];
    alignas(64) u64 words[SALUS_LANES64][16];
    for (int lane = 0; lane < SALUS_LANES64; ++lane) {
      const std::size_t own = block < blocks[lane] ? block : 0;  // one that is done works in vain
      std::memcpy(words[lane], challenge_block(*items[lane], own, buffers[lane]), kSha512Block);
    }
    L w[16];
    for (int half = 0; half < 2; ++half) {
      const u64* rows[SALUS_LANES64];
      for (int lane = 0; lane < SALUS_LANES64; ++lane) rows[lane] = words[lane] + 8 * half;
      load_rows(rows, w + 8 * half);
    }
    for (int i = 0; i < 16; ++i) w[i] = lane_bswap(w[i]);
    L next[8];
    for (int i = 0; i < 8; ++i) next[i] = state[i];
    sha512_compress(next, w);
    const L active = lane_below(lane_splat(block), lane_blocks);
    for (int i = 0; i < 8; ++i) state[i] = lane_select(active, next[i], state[i]);
  }

  alignas(64) u64 hashes[SALUS_LANES64][8];
  u64* rows[SALUS_LANES64];
  for (int lane = 0; lane < SALUS_LANES64; ++lane) rows[lane] = hashes[lane];
  for (int i = 0; i < 8; ++i) state[i] = lane_bswap(state[i]);
  store_rows(state, rows);
  for (int lane = 0; lane < SALUS_LANES64; ++lane) scalar_reduce(hashes[lane], *k[lane]);
}

/// Ed25519Variant::challenges.
static void challenges(const ChallengeItem* items, std::size_t count, std::uint64_t (*k)[4]) {
  for (std::size_t begin = 0; begin < count; begin += SALUS_LANES64) {
    const ChallengeItem* lanes[SALUS_LANES64];
    u64 spare[4];
    u64(*results[SALUS_LANES64])[4];
    for (std::size_t lane = 0; lane < SALUS_LANES64; ++lane) {
      const bool used = begin + lane < count;  // lanes to spare repeat the first item
      lanes[lane] = &items[used ? begin + lane : begin];
      results[lane] = used ? &k[begin + lane] : &spare;
    }
    challenge_lanes(lanes, results);
  }
}
