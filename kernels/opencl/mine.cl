// Entry points of the header scan for OpenCL. The arithmetic is kernels/mine.h.
#include "kernels/mine_params.h"
#include "kernels/mine.h"
#include "kernels/opencl/lanes.h"

/// Notes every lane of `last` that passes the mask and lies inside the range. `hits` is a count and
/// an unused word, then pairs (nonce, version index). The count is of all candidates, also of those
/// that there was no room for.
SALUS_FN void note_hits(__constant const MineParams* params, W last, u32 version, u32 offset,
                        u32 nonce_begin, u32 nonce_count, u32 capacity,
                        volatile __global u32* hits) {
  if (!any_lane_zero(last & params->reject_mask)) return;
  u32 words[SALUS_LANES];
  store_lanes(last, words);
  for (u32 lane = 0; lane < SALUS_LANES && lane < nonce_count - offset; ++lane) {
    if ((words[lane] & params->reject_mask) != 0u) continue;
    const u32 slot = atomic_inc(hits);
    if (slot >= capacity) continue;
    hits[2 + 2 * slot] = nonce_begin + offset + lane;
    hits[3 + 2 * slot] = version;
  }
}

/// Scans `nonce_count` nonces (at most 2^28) from `nonce_begin` on. Work-item i takes `steps` lane
/// words from nonce i * steps * SALUS_LANES on.
SALUS_KERNEL scan_one(__constant const MineParams* params, u32 nonce_begin, u32 nonce_count,
                       u32 steps, u32 capacity, volatile __global u32* hits) {
  u32 offset = (u32)get_global_id(0) * steps * SALUS_LANES;
  for (u32 step = 0; step < steps && offset < nonce_count; ++step, offset += SALUS_LANES) {
    W kw[64];
    const W nonce = lane_ids() + (nonce_begin + offset);
    mine_schedule(params, bswap(nonce), kw);
    note_hits(params, mine_last_word(params, 0, kw), 0, offset, nonce_begin, nonce_count, capacity,
              hits);
  }
}

/// The same for the first `version_count` versions, which share each nonce's message schedule.
SALUS_KERNEL scan_rolled(__constant const MineParams* params, u32 nonce_begin, u32 nonce_count,
                          u32 steps, u32 capacity, volatile __global u32* hits,
                          u32 version_count) {
  u32 offset = (u32)get_global_id(0) * steps * SALUS_LANES;
  for (u32 step = 0; step < steps && offset < nonce_count; ++step, offset += SALUS_LANES) {
    W kw[64];
    const W nonce = lane_ids() + (nonce_begin + offset);
    mine_schedule(params, bswap(nonce), kw);
    for (u32 version = 0; version < version_count; ++version) {
      note_hits(params, mine_last_word(params, version, kw), version, offset, nonce_begin,
                nonce_count, capacity, hits);
    }
  }
}
