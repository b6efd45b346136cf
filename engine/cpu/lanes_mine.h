// The header scan on lanes. Included by a variant file inside its own namespace.
#pragma once

#include "kernels/mine.h"

/// Bit i is set where lane i is zero.
SALUS_FN u32 zero_lanes(LaneVector x) {
#if SALUS_LANES == 1
  return x == 0 ? 1 : 0;
#elif defined(__AVX512F__) && SALUS_VECTOR_LANES == 16
  return _mm512_testn_epi32_mask((__m512i)x, (__m512i)x);
#elif defined(__AVX2__) && SALUS_VECTOR_LANES == 8
  return static_cast<u32>(_mm256_movemask_ps((__m256)(x == 0)));
#elif defined(__SSE2__) && SALUS_VECTOR_LANES == 4
  return static_cast<u32>(_mm_movemask_ps((__m128)(x == 0)));
#endif
}
#if SALUS_VECTORS == 2
SALUS_FN u32 zero_lanes(W x) {
  return zero_lanes(x.low) | zero_lanes(x.high) << SALUS_VECTOR_LANES;
}
#endif

/// CpuVariant::scan.
static void scan(const MineParams& params, const ScanRange& range, std::vector<Candidate>& out) {
  const W ids = lane_ids();
  for (u64 done = 0; done < range.nonce_count; done += SALUS_LANES) {
    const u32 base = range.nonce_begin + static_cast<u32>(done);
    W kw[64];
    mine_schedule(&params, bswap(ids + base), kw);
    u32 passed[SALUS_MINE_MAX_VERSIONS];
    u32 any = 0;
    for (u32 v = 0; v < range.version_count; ++v) {
      passed[v] = zero_lanes(mine_last_word(&params, v, kw) & params.reject_mask);
      any |= passed[v];
    }
    if (__builtin_expect(any == 0, 1)) continue;
    for (u32 lane = 0; lane < SALUS_LANES && done + lane < range.nonce_count; ++lane)
      for (u32 v = 0; v < range.version_count; ++v)
        if ((passed[v] >> lane & 1) != 0) add_candidate(out, base + lane, v);
  }
}
