// What OpenCL kernels do with single lanes: tests, and moves between lane words and memory.
//
// In memory a message block is 16 big-endian words side by side and a digest 8; in registers word i
// of SALUS_LANES blocks is one lane word. Moving between the two is a matrix transposition, by
// swapping off-diagonal squares of 8, 4, 2 and 1.
#pragma once

#include "kernels/platform.h"

/// An entry point for work-groups of SALUS_LOCAL: drivers that know the size allot registers by it,
/// and PoCL, which compiles a kernel for each size that it meets, does so once.
#define SALUS_KERNEL __attribute__((reqd_work_group_size(SALUS_LOCAL, 1, 1))) __kernel void

#if SALUS_LANES == 1
#define any_lane_zero(x) ((x) == 0u)
#define store_lanes(x, p) (*(p) = (x))
#define load_row(p) (*(p))
#define select_lanes(condition, yes, no) ((condition) ? (yes) : (no))
#elif SALUS_LANES == 4
#define any_lane_zero(x) any((x) == splat(0u))
#define store_lanes(x, p) vstore4((x), 0, (p))
#define load_row(p) vload4(0, (p))
#define select_lanes(condition, yes, no) select((no), (yes), (condition))
#elif SALUS_LANES == 8
#define any_lane_zero(x) any((x) == splat(0u))
#define store_lanes(x, p) vstore8((x), 0, (p))
#define load_row(p) vload8(0, (p))
#define select_lanes(condition, yes, no) select((no), (yes), (condition))
#else
#define any_lane_zero(x) any((x) == splat(0u))
#define store_lanes(x, p) vstore16((x), 0, (p))
#define load_row(p) vload16(0, (p))
#define select_lanes(condition, yes, no) select((no), (yes), (condition))
#endif

#define LANES_SWAP(a, b, x, y) \
  do {                         \
    const W swapped = (W)x;    \
    (b) = (W)y;                \
    (a) = swapped;             \
  } while (0)
#if SALUS_LANES == 16
#define LANES_SWAP8(a, b) LANES_SWAP(a, b, ((a).lo, (b).lo), ((a).hi, (b).hi))
#define LANES_SWAP4(a, b)                                        \
  LANES_SWAP(a, b, ((a).s0123, (b).s0123, (a).s89ab, (b).s89ab), \
             ((a).s4567, (b).s4567, (a).scdef, (b).scdef))
#define LANES_SWAP2(a, b)                                                                    \
  LANES_SWAP(a, b, ((a).s01, (b).s01, (a).s45, (b).s45, (a).s89, (b).s89, (a).scd, (b).scd), \
             ((a).s23, (b).s23, (a).s67, (b).s67, (a).sab, (b).sab, (a).sef, (b).sef))
#define LANES_SWAP1(a, b)                                                                     \
  LANES_SWAP(a, b,                                                                            \
             ((a).s0, (b).s0, (a).s2, (b).s2, (a).s4, (b).s4, (a).s6, (b).s6, (a).s8, (b).s8, \
              (a).sa, (b).sa, (a).sc, (b).sc, (a).se, (b).se),                                \
             ((a).s1, (b).s1, (a).s3, (b).s3, (a).s5, (b).s5, (a).s7, (b).s7, (a).s9, (b).s9, \
              (a).sb, (b).sb, (a).sd, (b).sd, (a).sf, (b).sf))
#elif SALUS_LANES == 8
#define LANES_SWAP4(a, b) LANES_SWAP(a, b, ((a).lo, (b).lo), ((a).hi, (b).hi))
#define LANES_SWAP2(a, b) \
  LANES_SWAP(a, b, ((a).s01, (b).s01, (a).s45, (b).s45), ((a).s23, (b).s23, (a).s67, (b).s67))
#define LANES_SWAP1(a, b)                                                            \
  LANES_SWAP(a, b, ((a).s0, (b).s0, (a).s2, (b).s2, (a).s4, (b).s4, (a).s6, (b).s6), \
             ((a).s1, (b).s1, (a).s3, (b).s3, (a).s5, (b).s5, (a).s7, (b).s7))
#elif SALUS_LANES == 4
#define LANES_SWAP2(a, b) LANES_SWAP(a, b, ((a).lo, (b).lo), ((a).hi, (b).hi))
#define LANES_SWAP1(a, b) \
  LANES_SWAP(a, b, ((a).s0, (b).s0, (a).s2, (b).s2), ((a).s1, (b).s1, (a).s3, (b).s3))
#endif

/// Transposes the square matrix whose rows are `rows`.
SALUS_FN void lanes_transpose(W rows[SALUS_LANES]) {
#if SALUS_LANES >= 16
#pragma unroll
  for (u32 i = 0; i < 8; ++i) LANES_SWAP8(rows[i], rows[i + 8]);
#endif
#if SALUS_LANES >= 8
#pragma unroll
  for (u32 i = 0; i < SALUS_LANES / 2; ++i) {
    LANES_SWAP4(rows[(i / 4) * 8 + i % 4], rows[(i / 4) * 8 + i % 4 + 4]);
  }
#endif
#if SALUS_LANES >= 4
#pragma unroll
  for (u32 i = 0; i < SALUS_LANES / 2; ++i) {
    LANES_SWAP2(rows[(i / 2) * 4 + i % 2], rows[(i / 2) * 4 + i % 2 + 2]);
  }
#pragma unroll
  for (u32 i = 0; i < SALUS_LANES / 2; ++i) LANES_SWAP1(rows[2 * i], rows[2 * i + 1]);
#endif
}

/// Loads `words` (a multiple of 8) big-endian words of every lane: lane i's begin at word
/// WORD_OF_LANE(i) of `data`. Reads up to a whole row of SALUS_LANES words past a lane's start.
#define LANES_LOAD(w, words, data, WORD_OF_LANE)                                      \
  do {                                                                                \
    _Pragma("unroll") for (u32 part = 0; part < (words); part += SALUS_LANES) {       \
      W rows[SALUS_LANES];                                                            \
      _Pragma("unroll") for (u32 lane = 0; lane < SALUS_LANES; ++lane) {              \
        rows[lane] = load_row((data) + WORD_OF_LANE(lane) + part);                    \
      }                                                                               \
      lanes_transpose(rows);                                                          \
      _Pragma("unroll") for (u32 i = 0; i < SALUS_LANES && part + i < (words); ++i) { \
        (w)[part + i] = bswap(rows[i]);                                               \
      }                                                                               \
    }                                                                                 \
  } while (0)

/// Writes the first 8 words of a lane's row.
#if SALUS_LANES == 16
#define LANES_STORE_ROW(row, part, p) vstore8((row).lo, 0, (p))
#elif SALUS_LANES == 8
#define LANES_STORE_ROW(row, part, p) vstore8((row), 0, (p))
#elif SALUS_LANES == 4
#define LANES_STORE_ROW(row, part, p) vstore4((row), 0, (p) + (part))
#else
#define LANES_STORE_ROW(row, part, p) (*((p) + (part)) = (row))
#endif

/// Stores the state of every lane with STORES(lane) as a digest: 8 big-endian words from word
/// 8 * DIGEST_OF_LANE(lane) of `out` on.
#define LANES_STORE_DIGESTS(state, out, STORES, DIGEST_OF_LANE)                                   \
  do {                                                                                            \
    const W digest[8] = {bswap((state).a), bswap((state).b), bswap((state).c), bswap((state).d),  \
                         bswap((state).e), bswap((state).f), bswap((state).g), bswap((state).h)}; \
    _Pragma("unroll") for (u32 part = 0; part < 8; part += SALUS_LANES) {                         \
      W rows[SALUS_LANES];                                                                        \
      _Pragma("unroll") for (u32 i = 0; i < SALUS_LANES; ++i) {                                   \
        rows[i] = part + i < 8 ? digest[(part + i) % 8] : splat(0u);                              \
      }                                                                                           \
      lanes_transpose(rows);                                                                      \
      _Pragma("unroll") for (u32 lane = 0; lane < SALUS_LANES; ++lane) {                          \
        if (STORES(lane)) {                                                                       \
          LANES_STORE_ROW(rows[lane], part, (out) + 8 * (size_t)(DIGEST_OF_LANE(lane)));          \
        }                                                                                         \
      }                                                                                           \
    }                                                                                             \
  } while (0)
