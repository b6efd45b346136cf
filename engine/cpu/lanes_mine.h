// The header scan on lanes. Included by a variant file inside its own namespace.
#pragma once

#include "kernels/mine.h"

/// Bit i is set where lane i is zero.
SALUS_FN u32 zero_lanes(W x) {
  u32 words[SALUS_LANES];
  std::memcpy(words, &x, sizeof x);
  u32 bits = 0;
  for (u32 lane = 0; lane < SALUS_LANES; ++lane) bits |= static_cast<u32>(words[lane] == 0) << lane;
  return bits;
}

/// CpuVariant::scan.
static void scan(const MineParams& params, const ScanRange& range, std::vector<Candidate>& out) {
  for (u64 done = 0; done < range.nonce_count; done += SALUS_LANES) {
    const u32 base = range.nonce_begin + static_cast<u32>(done);
    W kw[64];
    mine_schedule(&params, bswap(splat(base) + lane_ids()), kw);
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
