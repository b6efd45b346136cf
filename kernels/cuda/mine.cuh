// Entry points of the header scan in the form that the including file chose: one nonce a thread.
//
// Two arrangements. "held" computes the whole schedule into registers and loops over the versions:
// short code for any number of them. "interleaved" computes each schedule word when its round comes
// and carries K states forward together: few registers and K-fold instruction parallelism, but K
// times the code. Which is faster depends on the chip; the autotuner times both.
//
// Source of the trick: Hanke 2016 ("AsicBoost"), overt form BIP 320.
#pragma once

#include <cuda_runtime.h>

#include "kernels/cuda/entry_points.h"

namespace salus::kernels::cuda {
namespace {

#include "kernels/mine.h"

#include "kernels/cuda/bytes.cuh"

SALUS_FN void store_if_candidate(const MineParams& params, const MineHits& hits, W last_word,
                                 u32 nonce, u32 version) {
  if ((word_bits(last_word) & params.reject_mask) != 0) return;
  const u32 index = atomicAdd(hits.found, 1u);
  if (index < hits.capacity) hits.slots[index] = MineHit{nonce, version};
}

__global__ void mine_held(const __grid_constant__ MineParams params,
                          const __grid_constant__ MineRange range, MineHits hits) {
  const u32 i = thread_index();
  if (i >= range.nonce_count) return;
  const u32 nonce = range.nonce_begin + i;
  W kw[64];
  mine_schedule(&params, bswap(varying(nonce)), kw);
#pragma unroll 1
  for (u32 v = range.version_begin; v < range.version_begin + range.version_count; ++v)
    store_if_candidate(params, hits, mine_last_word(&params, v, kw), nonce, v);
}

// One round, or eight, of K versions side by side.
#define MINE_ROUND(a, b, c, d, e, f, g, h, kw)                                                   \
  do {                                                                                           \
    const W shared_kw = kw;                                                                      \
    _Pragma("unroll") for (int k = 0; k < K; ++k)                                                \
        SHA256_ROUND(s[k].a, s[k].b, s[k].c, s[k].d, s[k].e, s[k].f, s[k].g, s[k].h, shared_kw); \
  } while (0)
#define MINE_8_ROUNDS(KW, i)                         \
  do {                                               \
    MINE_ROUND(a, b, c, d, e, f, g, h, KW((i)));     \
    MINE_ROUND(h, a, b, c, d, e, f, g, KW((i) + 1)); \
    MINE_ROUND(g, h, a, b, c, d, e, f, KW((i) + 2)); \
    MINE_ROUND(f, g, h, a, b, c, d, e, KW((i) + 3)); \
    MINE_ROUND(e, f, g, h, a, b, c, d, KW((i) + 4)); \
    MINE_ROUND(d, e, f, g, h, a, b, c, KW((i) + 5)); \
    MINE_ROUND(c, d, e, f, g, h, a, b, KW((i) + 6)); \
    MINE_ROUND(b, c, d, e, f, g, h, a, KW((i) + 7)); \
  } while (0)

/// Rounds 3 to 63 of block 2 for K versions, the schedule computed as it is used.
template <int K>
SALUS_FN void mine_first_hash(const MineParams* p, W nonce, Sha256State (&s)[K]) {
  W w[16];
  w[3] = nonce;
  w[4] = splat(0x80000000u);
  w[5] = w[6] = w[7] = w[8] = w[9] = w[10] = w[11] = w[12] = w[13] = w[14] = splat(0u);
  w[15] = splat(640u);
  // Rounds 3 to 7 end the first eight; their variables stand where rounds 0 to 2 left them.
  MINE_ROUND(f, g, h, a, b, c, d, e, SHA256_KW_FIRST(3));
  MINE_ROUND(e, f, g, h, a, b, c, d, SHA256_KW_FIRST(4));
  MINE_ROUND(d, e, f, g, h, a, b, c, SHA256_KW_FIRST(5));
  MINE_ROUND(c, d, e, f, g, h, a, b, SHA256_KW_FIRST(6));
  MINE_ROUND(b, c, d, e, f, g, h, a, SHA256_KW_FIRST(7));
  MINE_8_ROUNDS(SHA256_KW_FIRST, 8);
  mine_schedule_16_to_31(p, nonce, w);
  MINE_8_ROUNDS(SHA256_KW_FIRST, 16);
  MINE_8_ROUNDS(SHA256_KW_FIRST, 24);
  MINE_8_ROUNDS(SHA256_KW_NEXT, 32);
  MINE_8_ROUNDS(SHA256_KW_NEXT, 40);
  MINE_8_ROUNDS(SHA256_KW_NEXT, 48);
  MINE_8_ROUNDS(SHA256_KW_NEXT, 56);
}
#undef MINE_ROUND
#undef MINE_8_ROUNDS

template <int K>
__global__ void mine_interleaved(const __grid_constant__ MineParams params,
                                 const __grid_constant__ MineRange range, MineHits hits) {
  const u32 i = thread_index();
  if (i >= range.nonce_count) return;
  const u32 nonce = range.nonce_begin + i;
  Sha256State s[K];
#pragma unroll
  for (u32 k = 0; k < K; ++k) s[k] = mine_after_round2(&params, range.version_begin + k);
  mine_first_hash<K>(&params, bswap(varying(nonce)), s);
  // One copy of the second hash's code serves all K: the states move down by one each time, so that
  // they are never indexed by a variable, which would put them into local memory.
#pragma unroll 1
  for (u32 v = range.version_begin; v < range.version_begin + K; ++v) {
    store_if_candidate(params, hits, mine_second_hash(&params, v, s[0]), nonce, v);
#pragma unroll
    for (int k = 0; k + 1 < K; ++k) s[k] = s[k + 1];
  }
}

constexpr MineEntry kMineEntries[] = {
    {"held", 0, mine_held},
    {"interleaved", 1, mine_interleaved<1>},
    {"interleaved", 2, mine_interleaved<2>},
    {"interleaved", 4, mine_interleaved<4>},
    {"interleaved", 8, mine_interleaved<8>},
};

}  // namespace
}  // namespace salus::kernels::cuda
