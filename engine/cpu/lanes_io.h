// Records into lanes and back: word i of lane l's record becomes lane l of W number i. Included by
// the other lanes_*.h files.
//
// Four words of every lane at a time. Each 16-byte unit of a vector takes a quad of one lane, and a
// 4 by 4 transpose inside the units (cheap everywhere: PUNPCK) makes words of them; nothing has to
// cross units, which would compete with the rotates for their ports.
#pragma once

#include "kernels/platform.h"

#if SALUS_LANES == 1

SALUS_FN void load_quad(const u8* const from[], std::size_t offset, W& w0, W& w1, W& w2, W& w3) {
  u32 words[4];
  std::memcpy(words, from[0] + offset, sizeof words);
  w0 = words[0], w1 = words[1], w2 = words[2], w3 = words[3];
}
SALUS_FN void store_quad(W w0, W w1, W w2, W w3, u8* const to[], std::size_t offset, std::size_t) {
  const u32 words[4] = {w0, w1, w2, w3};
  std::memcpy(to[0] + offset, words, sizeof words);
}

#else

typedef u32 Quad __attribute__((vector_size(16)));

SALUS_FN Quad load_unit(const u8* from) {
  Quad q;
  std::memcpy(&q, from, sizeof q);
  return q;
}

/// The quads of lanes j, 4 + j, 8 + j, ... in the units of one vector.
SALUS_FN LaneVector load_units(const u8* const from[], std::size_t j, std::size_t offset) {
  const Quad a = load_unit(from[j] + offset);
#if SALUS_VECTOR_LANES == 4
  return a;
#else
  const auto ab =
      __builtin_shufflevector(a, load_unit(from[4 + j] + offset), 0, 1, 2, 3, 4, 5, 6, 7);
#if SALUS_VECTOR_LANES == 8
  return ab;
#else
  const Quad c = load_unit(from[8 + j] + offset);
  const auto cd =
      __builtin_shufflevector(c, load_unit(from[12 + j] + offset), 0, 1, 2, 3, 4, 5, 6, 7);
  return __builtin_shufflevector(ab, cd, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
#endif
#endif
}

// Inside every unit of `a` and `b`: the words number i, j, k, l of the eight that they have there.
#define SALUS_PICK(unit, i) ((i) < 4 ? 4 * (unit) + (i) : SALUS_VECTOR_LANES + 4 * (unit) + (i)-4)
#define SALUS_UNIT(unit, i, j, k, l) \
  SALUS_PICK(unit, i), SALUS_PICK(unit, j), SALUS_PICK(unit, k), SALUS_PICK(unit, l)
#if SALUS_VECTOR_LANES == 4
#define SALUS_IN_UNITS(a, b, i, j, k, l) __builtin_shufflevector(a, b, SALUS_UNIT(0, i, j, k, l))
#elif SALUS_VECTOR_LANES == 8
#define SALUS_IN_UNITS(a, b, i, j, k, l) \
  __builtin_shufflevector(a, b, SALUS_UNIT(0, i, j, k, l), SALUS_UNIT(1, i, j, k, l))
#else
#define SALUS_IN_UNITS(a, b, i, j, k, l)                                              \
  __builtin_shufflevector(a, b, SALUS_UNIT(0, i, j, k, l), SALUS_UNIT(1, i, j, k, l), \
                          SALUS_UNIT(2, i, j, k, l), SALUS_UNIT(3, i, j, k, l))
#endif

/// In every unit: word k of vector j becomes word j of vector k.
SALUS_FN void transpose_units(LaneVector v[4]) {
  const LaneVector a = SALUS_IN_UNITS(v[0], v[1], 0, 4, 1, 5);
  const LaneVector b = SALUS_IN_UNITS(v[0], v[1], 2, 6, 3, 7);
  const LaneVector c = SALUS_IN_UNITS(v[2], v[3], 0, 4, 1, 5);
  const LaneVector d = SALUS_IN_UNITS(v[2], v[3], 2, 6, 3, 7);
  v[0] = SALUS_IN_UNITS(a, c, 0, 1, 4, 5);
  v[1] = SALUS_IN_UNITS(a, c, 2, 3, 6, 7);
  v[2] = SALUS_IN_UNITS(b, d, 0, 1, 4, 5);
  v[3] = SALUS_IN_UNITS(b, d, 2, 3, 6, 7);
}

/// The four words at `offset` bytes of the records of as many lanes as a vector has.
SALUS_FN void load_vectors(const u8* const from[], std::size_t offset, LaneVector& w0,
                           LaneVector& w1, LaneVector& w2, LaneVector& w3) {
  LaneVector v[4] = {load_units(from, 0, offset), load_units(from, 1, offset),
                     load_units(from, 2, offset), load_units(from, 3, offset)};
  transpose_units(v);
  w0 = v[0], w1 = v[1], w2 = v[2], w3 = v[3];
}

SALUS_FN void store_vectors(LaneVector w0, LaneVector w1, LaneVector w2, LaneVector w3,
                            u8* const to[], std::size_t offset, std::size_t count) {
  LaneVector v[4] = {w0, w1, w2, w3};
  transpose_units(v);
  u32 words[4][SALUS_VECTOR_LANES];
  std::memcpy(words, v, sizeof words);
  for (std::size_t lane = 0; lane < SALUS_VECTOR_LANES && lane < count; ++lane)
    std::memcpy(to[lane] + offset, &words[lane % 4][lane & ~3UL], 16);
}

/// The four words at `offset` bytes of every lane's record, as they stand in memory.
SALUS_FN void load_quad(const u8* const from[], std::size_t offset, W& w0, W& w1, W& w2, W& w3) {
#if SALUS_VECTORS == 1
  load_vectors(from, offset, w0, w1, w2, w3);
#else
  load_vectors(from, offset, w0.low, w1.low, w2.low, w3.low);
  load_vectors(from + SALUS_VECTOR_LANES, offset, w0.high, w1.high, w2.high, w3.high);
#endif
}

/// The reverse, for the first `count` lanes.
SALUS_FN void store_quad(W w0, W w1, W w2, W w3, u8* const to[], std::size_t offset,
                         std::size_t count) {
#if SALUS_VECTORS == 1
  store_vectors(w0, w1, w2, w3, to, offset, count);
#else
  store_vectors(w0.low, w1.low, w2.low, w3.low, to, offset, count);
  if (count > SALUS_VECTOR_LANES)
    store_vectors(w0.high, w1.high, w2.high, w3.high, to + SALUS_VECTOR_LANES, offset,
                  count - SALUS_VECTOR_LANES);
#endif
}

#endif

SALUS_FN void load_quad_be(const u8* const from[], std::size_t offset, W& w0, W& w1, W& w2, W& w3) {
  load_quad(from, offset, w0, w1, w2, w3);
  w0 = bswap(w0), w1 = bswap(w1), w2 = bswap(w2), w3 = bswap(w3);
}

/// The 16 big-endian words of the block that each lane points to. Written out, not looped: only
/// arrays that are indexed with literals are kept in registers.
SALUS_FN void load_block(const u8* const from[], std::size_t offset, W w[16]) {
  load_quad_be(from, offset, w[0], w[1], w[2], w[3]);
  load_quad_be(from, offset + 16, w[4], w[5], w[6], w[7]);
  load_quad_be(from, offset + 32, w[8], w[9], w[10], w[11]);
  load_quad_be(from, offset + 48, w[12], w[13], w[14], w[15]);
}
