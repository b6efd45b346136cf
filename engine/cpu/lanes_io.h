// Records into lanes and back: word i of lane l's record becomes lane l of vector i. Included by
// the other lanes_*.h files.
//
// A record is read once, in rows as wide as a vector: many streams a power of two apart fall into
// the same few cache sets, so what is read twice may be gone. Rows are transposed in two steps:
// words inside 16-byte units (PUNPCK, which any port does), then the units.
//
// Nothing is looped over: GCC keeps arrays in registers only while it sees no variable index.
#pragma once

#include "kernels/sha256.h"

#if SALUS_LANES == 1

template <typename Record>
SALUS_FN void load_8_words(Record* const from[], LaneVector v[8]) {
  std::memcpy(v, from[0], 32);
}
SALUS_FN void load_16_words(const u8* const from[], std::size_t offset, LaneVector v[16]) {
  std::memcpy(v, from[0] + offset, 64);
}
template <typename Record>
SALUS_FN void store_8_words(const LaneVector v[8], Record* const to[]) {
  std::memcpy(to[0], v, 32);
}

#else

SALUS_FN LaneVector load_row(const void* from) {
  LaneVector v;
  std::memcpy(&v, from, sizeof v);
  return v;
}

SALUS_FN void store_row(LaneVector v, void* to) { std::memcpy(to, &v, sizeof v); }

// Inside every 16-byte unit of `a` and `b`: words number i, j, k, l of the eight that they have
// there.
#define SALUS_PICK(unit, i) ((i) < 4 ? 4 * (unit) + (i) : SALUS_VECTOR_LANES + 4 * (unit) + (i)-4)
#define SALUS_UNIT(unit, i, j, k, l) \
  SALUS_PICK(unit, i), SALUS_PICK(unit, j), SALUS_PICK(unit, k), SALUS_PICK(unit, l)
#if SALUS_VECTOR_LANES == 4
#define SALUS_IN_UNITS(a, b, ...) __builtin_shufflevector(a, b, SALUS_UNIT(0, __VA_ARGS__))
#elif SALUS_VECTOR_LANES == 8
#define SALUS_IN_UNITS(a, b, ...) \
  __builtin_shufflevector(a, b, SALUS_UNIT(0, __VA_ARGS__), SALUS_UNIT(1, __VA_ARGS__))
#else
#define SALUS_IN_UNITS(a, b, ...)                                                       \
  __builtin_shufflevector(a, b, SALUS_UNIT(0, __VA_ARGS__), SALUS_UNIT(1, __VA_ARGS__), \
                          SALUS_UNIT(2, __VA_ARGS__), SALUS_UNIT(3, __VA_ARGS__))
#endif

/// In every unit: word k of vector j becomes word j of vector k.
SALUS_FN void transpose_in_units(LaneVector v[4]) {
  const LaneVector a = SALUS_IN_UNITS(v[0], v[1], 0, 4, 1, 5);
  const LaneVector b = SALUS_IN_UNITS(v[0], v[1], 2, 6, 3, 7);
  const LaneVector c = SALUS_IN_UNITS(v[2], v[3], 0, 4, 1, 5);
  const LaneVector d = SALUS_IN_UNITS(v[2], v[3], 2, 6, 3, 7);
  v[0] = SALUS_IN_UNITS(a, c, 0, 1, 4, 5);
  v[1] = SALUS_IN_UNITS(a, c, 2, 3, 6, 7);
  v[2] = SALUS_IN_UNITS(b, d, 0, 1, 4, 5);
  v[3] = SALUS_IN_UNITS(b, d, 2, 3, 6, 7);
}

// Units number i, j, ... of those of `a` followed by those of `b`.
#define SALUS_WORDS(i) 4 * (i), 4 * (i) + 1, 4 * (i) + 2, 4 * (i) + 3
#define SALUS_2_UNITS(a, b, i, j) __builtin_shufflevector(a, b, SALUS_WORDS(i), SALUS_WORDS(j))
#define SALUS_4_UNITS(a, b, i, j, k, l) \
  __builtin_shufflevector(a, b, SALUS_WORDS(i), SALUS_WORDS(j), SALUS_WORDS(k), SALUS_WORDS(l))

#if SALUS_VECTOR_LANES == 4

SALUS_FN void load_4_words(const u8* const from[], std::size_t offset, LaneVector v[4]) {
  v[0] = load_row(from[0] + offset);
  v[1] = load_row(from[1] + offset);
  v[2] = load_row(from[2] + offset);
  v[3] = load_row(from[3] + offset);
  transpose_in_units(v);
}
template <typename Record>
SALUS_FN void load_8_words(Record* const from[], LaneVector v[8]) {
  const u8* bytes[4] = {reinterpret_cast<const u8*>(from[0]), reinterpret_cast<const u8*>(from[1]),
                        reinterpret_cast<const u8*>(from[2]), reinterpret_cast<const u8*>(from[3])};
  load_4_words(bytes, 0, v);
  load_4_words(bytes, 16, v + 4);
}
SALUS_FN void load_16_words(const u8* const from[], std::size_t offset, LaneVector v[16]) {
  load_4_words(from, offset, v);
  load_4_words(from, offset + 16, v + 4);
  load_4_words(from, offset + 32, v + 8);
  load_4_words(from, offset + 48, v + 12);
}
SALUS_FN void store_4_words(LaneVector a, LaneVector b, LaneVector c, LaneVector d, u8* const to[],
                            std::size_t offset) {
  LaneVector v[4] = {a, b, c, d};
  transpose_in_units(v);
  store_row(v[0], to[0] + offset);
  store_row(v[1], to[1] + offset);
  store_row(v[2], to[2] + offset);
  store_row(v[3], to[3] + offset);
}
template <typename Record>
SALUS_FN void store_8_words(const LaneVector v[8], Record* const to[]) {
  u8* const bytes[4] = {reinterpret_cast<u8*>(to[0]), reinterpret_cast<u8*>(to[1]),
                        reinterpret_cast<u8*>(to[2]), reinterpret_cast<u8*>(to[3])};
  store_4_words(v[0], v[1], v[2], v[3], bytes, 0);
  store_4_words(v[4], v[5], v[6], v[7], bytes, 16);
}

#elif SALUS_VECTOR_LANES == 8

/// Unit u of vector 4 g + k becomes unit g of vector 4 u + k.
SALUS_FN void transpose_units(LaneVector& a, LaneVector& b) {
  const LaneVector low = SALUS_2_UNITS(a, b, 0, 2);
  b = SALUS_2_UNITS(a, b, 1, 3);
  a = low;
}
SALUS_FN void transpose_8x8(LaneVector v[8]) {
  transpose_in_units(v);
  transpose_in_units(v + 4);
  transpose_units(v[0], v[4]);
  transpose_units(v[1], v[5]);
  transpose_units(v[2], v[6]);
  transpose_units(v[3], v[7]);
}
template <typename Record>
SALUS_FN void load_8_words(Record* const from[], LaneVector v[8]) {
  v[0] = load_row(from[0]);
  v[1] = load_row(from[1]);
  v[2] = load_row(from[2]);
  v[3] = load_row(from[3]);
  v[4] = load_row(from[4]);
  v[5] = load_row(from[5]);
  v[6] = load_row(from[6]);
  v[7] = load_row(from[7]);
  transpose_8x8(v);
}
SALUS_FN void load_8_words_at(const u8* const from[], std::size_t offset, LaneVector v[8]) {
  const u8* const places[8] = {from[0] + offset, from[1] + offset, from[2] + offset,
                               from[3] + offset, from[4] + offset, from[5] + offset,
                               from[6] + offset, from[7] + offset};
  load_8_words(places, v);
}
SALUS_FN void load_16_words(const u8* const from[], std::size_t offset, LaneVector v[16]) {
  load_8_words_at(from, offset, v);
  load_8_words_at(from, offset + 32, v + 8);
}
template <typename Record>
SALUS_FN void store_8_words(const LaneVector in[8], Record* const to[]) {
  LaneVector v[8] = {in[0], in[1], in[2], in[3], in[4], in[5], in[6], in[7]};
  transpose_8x8(v);
  store_row(v[0], to[0]);
  store_row(v[1], to[1]);
  store_row(v[2], to[2]);
  store_row(v[3], to[3]);
  store_row(v[4], to[4]);
  store_row(v[5], to[5]);
  store_row(v[6], to[6]);
  store_row(v[7], to[7]);
}

#else

/// Unit u of the g-th argument becomes unit g of the u-th.
SALUS_FN void transpose_units(LaneVector& a, LaneVector& b, LaneVector& c, LaneVector& d) {
  const LaneVector ab02 = SALUS_4_UNITS(a, b, 0, 2, 4, 6);
  const LaneVector ab13 = SALUS_4_UNITS(a, b, 1, 3, 5, 7);
  const LaneVector cd02 = SALUS_4_UNITS(c, d, 0, 2, 4, 6);
  const LaneVector cd13 = SALUS_4_UNITS(c, d, 1, 3, 5, 7);
  a = SALUS_4_UNITS(ab02, cd02, 0, 2, 4, 6);
  b = SALUS_4_UNITS(ab13, cd13, 0, 2, 4, 6);
  c = SALUS_4_UNITS(ab02, cd02, 1, 3, 5, 7);
  d = SALUS_4_UNITS(ab13, cd13, 1, 3, 5, 7);
}
SALUS_FN void load_4_rows(const u8* const from[], std::size_t offset, LaneVector v[4]) {
  v[0] = load_row(from[0] + offset);
  v[1] = load_row(from[1] + offset);
  v[2] = load_row(from[2] + offset);
  v[3] = load_row(from[3] + offset);
  transpose_in_units(v);
}
SALUS_FN void load_16_words(const u8* const from[], std::size_t offset, LaneVector v[16]) {
  load_4_rows(from, offset, v);
  load_4_rows(from + 4, offset, v + 4);
  load_4_rows(from + 8, offset, v + 8);
  load_4_rows(from + 12, offset, v + 12);
  transpose_units(v[0], v[4], v[8], v[12]);
  transpose_units(v[1], v[5], v[9], v[13]);
  transpose_units(v[2], v[6], v[10], v[14]);
  transpose_units(v[3], v[7], v[11], v[15]);
}

typedef u32 HalfVector __attribute__((vector_size(32)));

/// Two records of 32 bytes side by side.
SALUS_FN LaneVector load_halves(const void* low, const void* high) {
  HalfVector a;
  HalfVector b;
  std::memcpy(&a, low, sizeof a);
  std::memcpy(&b, high, sizeof b);
  return __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}
SALUS_FN void store_halves(LaneVector v, void* low, void* high) {
  const HalfVector a = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7);
  const HalfVector b = __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
  std::memcpy(low, &a, sizeof a);
  std::memcpy(high, &b, sizeof b);
}
/// Words k of eight lanes and words 4 + k of the same in one vector, for each k.
template <typename Record>
SALUS_FN void load_8_lanes(Record* const from[], LaneVector v[4]) {
  v[0] = load_halves(from[0], from[4]);
  v[1] = load_halves(from[1], from[5]);
  v[2] = load_halves(from[2], from[6]);
  v[3] = load_halves(from[3], from[7]);
  transpose_in_units(v);
}
template <typename Record>
SALUS_FN void store_8_lanes(LaneVector v[4], Record* const to[]) {
  transpose_in_units(v);
  store_halves(v[0], to[0], to[4]);
  store_halves(v[1], to[1], to[5]);
  store_halves(v[2], to[2], to[6]);
  store_halves(v[3], to[3], to[7]);
}
template <typename Record>
SALUS_FN void load_8_words(Record* const from[], LaneVector v[8]) {
  LaneVector a[4];
  LaneVector b[4];
  load_8_lanes(from, a);
  load_8_lanes(from + 8, b);
  v[0] = SALUS_4_UNITS(a[0], b[0], 0, 2, 4, 6);
  v[1] = SALUS_4_UNITS(a[1], b[1], 0, 2, 4, 6);
  v[2] = SALUS_4_UNITS(a[2], b[2], 0, 2, 4, 6);
  v[3] = SALUS_4_UNITS(a[3], b[3], 0, 2, 4, 6);
  v[4] = SALUS_4_UNITS(a[0], b[0], 1, 3, 5, 7);
  v[5] = SALUS_4_UNITS(a[1], b[1], 1, 3, 5, 7);
  v[6] = SALUS_4_UNITS(a[2], b[2], 1, 3, 5, 7);
  v[7] = SALUS_4_UNITS(a[3], b[3], 1, 3, 5, 7);
}
template <typename Record>
SALUS_FN void store_8_words(const LaneVector v[8], Record* const to[]) {
  LaneVector a[4] = {SALUS_4_UNITS(v[0], v[4], 0, 4, 1, 5), SALUS_4_UNITS(v[1], v[5], 0, 4, 1, 5),
                     SALUS_4_UNITS(v[2], v[6], 0, 4, 1, 5), SALUS_4_UNITS(v[3], v[7], 0, 4, 1, 5)};
  LaneVector b[4] = {SALUS_4_UNITS(v[0], v[4], 2, 6, 3, 7), SALUS_4_UNITS(v[1], v[5], 2, 6, 3, 7),
                     SALUS_4_UNITS(v[2], v[6], 2, 6, 3, 7), SALUS_4_UNITS(v[3], v[7], 2, 6, 3, 7)};
  store_8_lanes(a, to);
  store_8_lanes(b, to + 8);
}

#endif
#endif

/// Eight words of every lane's record (32 bytes: an entry, a digest, a StreamState), as they stand
/// in memory.
template <typename Record>
SALUS_FN Sha256State load_state(Record* const from[SALUS_LANES]) {
  LaneVector v[8];
  load_8_words(from, v);
#if SALUS_VECTORS == 1
  return {v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]};
#else
  LaneVector u[8];
  load_8_words(from + SALUS_VECTOR_LANES, u);
  return {{v[0], u[0]}, {v[1], u[1]}, {v[2], u[2]}, {v[3], u[3]},
          {v[4], u[4]}, {v[5], u[5]}, {v[6], u[6]}, {v[7], u[7]}};
#endif
}

/// The reverse. Lanes to spare may all go to one place, if they are alike.
template <typename Record>
SALUS_FN void store_state(const Sha256State& s, Record* const to[SALUS_LANES]) {
#if SALUS_VECTORS == 1
  const LaneVector v[8] = {s.a, s.b, s.c, s.d, s.e, s.f, s.g, s.h};
  store_8_words(v, to);
#else
  const LaneVector v[8] = {s.a.low, s.b.low, s.c.low, s.d.low, s.e.low, s.f.low, s.g.low, s.h.low};
  const LaneVector u[8] = {s.a.high, s.b.high, s.c.high, s.d.high,
                           s.e.high, s.f.high, s.g.high, s.h.high};
  store_8_words(v, to);
  store_8_words(u, to + SALUS_VECTOR_LANES);
#endif
}

SALUS_FN Sha256State bswap_state(const Sha256State& s) {
  return {bswap(s.a), bswap(s.b), bswap(s.c), bswap(s.d),
          bswap(s.e), bswap(s.f), bswap(s.g), bswap(s.h)};
}

/// The 16 big-endian words of the block at `offset` bytes of every lane's record.
SALUS_FN void load_block(const u8* const from[SALUS_LANES], std::size_t offset, W w[16]) {
#if SALUS_VECTORS == 1
  load_16_words(from, offset, w);
#define SALUS_BIG_ENDIAN(i) w[i] = bswap(w[i])
#else
  LaneVector v[16];
  LaneVector u[16];
  load_16_words(from, offset, v);
  load_16_words(from + SALUS_VECTOR_LANES, offset, u);
#define SALUS_BIG_ENDIAN(i) w[i] = {bswap(v[i]), bswap(u[i])}
#endif
  SALUS_BIG_ENDIAN(0), SALUS_BIG_ENDIAN(1), SALUS_BIG_ENDIAN(2), SALUS_BIG_ENDIAN(3);
  SALUS_BIG_ENDIAN(4), SALUS_BIG_ENDIAN(5), SALUS_BIG_ENDIAN(6), SALUS_BIG_ENDIAN(7);
  SALUS_BIG_ENDIAN(8), SALUS_BIG_ENDIAN(9), SALUS_BIG_ENDIAN(10), SALUS_BIG_ENDIAN(11);
  SALUS_BIG_ENDIAN(12), SALUS_BIG_ENDIAN(13), SALUS_BIG_ENDIAN(14), SALUS_BIG_ENDIAN(15);
#undef SALUS_BIG_ENDIAN
}
