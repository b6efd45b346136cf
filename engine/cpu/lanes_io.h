// Records into lanes and back: word i of lane l's record becomes lane l of W number i. Included by
// the other lanes_*.h files.
//
// Four words of every lane at a time. Each 16-byte unit of a vector takes a quad of one lane, and a
// 4 by 4 transpose inside the units (cheap everywhere: PUNPCK) makes words of them; nothing has to
// cross units, which would compete with the rotates for their ports.
#pragma once

#include "kernels/platform.h"

#if SALUS_LANES == 1

SALUS_FN void load_quad(const u8* const from[], std::size_t offset, W out[4]) {
  std::memcpy(out, from[0] + offset, 16);
}
SALUS_FN void store_quad(const W in[4], u8* const to[], std::size_t offset, std::size_t) {
  std::memcpy(to[0] + offset, in, 16);
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
#define SALUS_PICK(unit, i)                              \
  ((i) < 4 ? 4 * (unit) + (i) : SALUS_VECTOR_LANES + 4 * (unit) + (i) - 4)
#define SALUS_UNIT(unit, i, j, k, l) \
  SALUS_PICK(unit, i), SALUS_PICK(unit, j), SALUS_PICK(unit, k), SALUS_PICK(unit, l)
#if SALUS_VECTOR_LANES == 4
#define SALUS_IN_UNITS(a, b, i, j, k, l) \
  __builtin_shufflevector(a, b, SALUS_UNIT(0, i, j, k, l))
#elif SALUS_VECTOR_LANES == 8
#define SALUS_IN_UNITS(a, b, i, j, k, l) \
  __builtin_shufflevector(a, b, SALUS_UNIT(0, i, j, k, l), SALUS_UNIT(1, i, j, k, l))
#else
#define SALUS_IN_UNITS(a, b, i, j, k, l)                                                      \
  __builtin_shufflevector(a, b, SALUS_UNIT(0, i, j, k, l), SALUS_UNIT(1, i, j, k, l),         \
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

/// The vector that holds lanes SALUS_VECTOR_LANES * part and up.
SALUS_FN LaneVector& part_of(W& w, [[maybe_unused]] std::size_t part) {
#if SALUS_VECTORS == 1
  return w;
#else
  return w.part[part];
#endif
}

/// The four words at `offset` bytes of every lane's record, as they stand in memory.
SALUS_FN void load_quad(const u8* const from[], std::size_t offset, W out[4]) {
  for (std::size_t part = 0; part < SALUS_VECTORS; ++part) {
    LaneVector v[4];
    for (std::size_t j = 0; j < 4; ++j)
      v[j] = load_units(from + SALUS_VECTOR_LANES * part, j, offset);
    transpose_units(v);
    for (std::size_t k = 0; k < 4; ++k) part_of(out[k], part) = v[k];
  }
}

/// The reverse, for the first `count` lanes.
SALUS_FN void store_quad(const W in[4], u8* const to[], std::size_t offset, std::size_t count) {
  for (std::size_t part = 0; part < SALUS_VECTORS; ++part) {
    LaneVector v[4];
    for (std::size_t k = 0; k < 4; ++k) {
      W w = in[k];
      v[k] = part_of(w, part);
    }
    transpose_units(v);
    for (std::size_t j = 0; j < 4; ++j) {
      for (std::size_t unit = 0; unit < SALUS_VECTOR_LANES / 4; ++unit) {
        const std::size_t lane = SALUS_VECTOR_LANES * part + 4 * unit + j;
        if (lane < count)
          std::memcpy(to[lane] + offset, reinterpret_cast<const u8*>(&v[j]) + 16 * unit, 16);
      }
    }
  }
}

#endif

/// The 16 big-endian words of the block that each lane points to.
SALUS_FN void load_block(const u8* const from[], std::size_t offset, W w[16]) {
  for (std::size_t i = 0; i < 16; i += 4) {
    load_quad(from, offset + 4 * i, w + i);
    for (std::size_t k = 0; k < 4; ++k) w[i + k] = bswap(w[i + k]);
  }
}
