// Vocabulary for arithmetic on 64-bit lanes: one u64, four in an AVX2 register, or eight in an
// AVX-512 one.
//
//   L                     a lane word: SALUS_LANES64 u64 side by side
//   lane_splat(x)         x in every lane
//   lane_equal(a, b)      all ones in the lanes where a equals b, else 0
//   lane_below(a, b)      the same for a < b
//   lane_select(m, a, b)  a where the mask m is all ones, b where it is 0
//   lane_fma(c, a, b)     c + a b where a and b are below 2^32 and a b below 2^52
//   lane_mul32(a, b)      a b for a and b below 2^32; with four lanes only
//   lane_fma_low(c, a, b), lane_fma_high(c, a, b)   c + the low or high 52 bits of the 104 of a b,
//                         for a and b below 2^52; with eight lanes only (IFMA)
//   LL, lane_wide(a, b)   the 128 bits of a b; with one lane only
//   lane_widen_signed(x), wide_shift_signed(x, n)   for numbers in two's complement; likewise
//   lane_rotr(x, n)       rotate right       lane_bswap(x)  reverse the bytes of each lane
//   lane_shift_signed(x, n)   shift right, of a number in two's complement
//   lane_xor3 lane_ch lane_maj   three-input logic
//   load_rows(rows, out)  out[i] = word i of each lane's row, for the eight words of a row
//   store_rows(in, rows)  the reverse
//
// An includer with SALUS_LANES64 8 compiles for AVX-512 (F, DQ, BW, IFMA) and includes
// <immintrin.h> itself, because this file stands inside its namespace. With SALUS_LANES64 0 the
// includer brings lane words and functions of its own: tests do so to run kernels on intervals.
#pragma once

#ifndef SALUS_LANES64
#define SALUS_LANES64 1
#endif

#if SALUS_LANES64 != 0
typedef unsigned char u8;
typedef unsigned long u64;

#define SALUS_FN [[gnu::always_inline]] static inline
#define SALUS_UNROLL _Pragma("GCC unroll 64")
#define SALUS_TABLE static constexpr
#endif

#if SALUS_LANES64 == 1

typedef u64 L;
typedef unsigned __int128 LL;

SALUS_FN L lane_fma(L c, L a, L b) { return c + a * b; }
SALUS_FN LL lane_wide(L a, L b) { return static_cast<LL>(a) * b; }
SALUS_FN LL lane_widen_signed(L x) {
  return static_cast<LL>(static_cast<__int128>(static_cast<long>(x)));
}
SALUS_FN LL wide_shift_signed(LL x, int n) {
  return static_cast<LL>(static_cast<__int128>(x) >> n);
}

SALUS_FN L lane_splat(u64 x) { return x; }
SALUS_FN L lane_equal(L a, L b) { return 0 - static_cast<u64>(a == b); }
SALUS_FN L lane_below(L a, L b) { return 0 - static_cast<u64>(a < b); }
SALUS_FN L lane_select(L m, L a, L b) { return b ^ ((a ^ b) & m); }
SALUS_FN L lane_xor3(L a, L b, L c) { return a ^ b ^ c; }
SALUS_FN L lane_ch(L e, L f, L g) { return g ^ (e & (f ^ g)); }
SALUS_FN L lane_maj(L a, L b, L c) { return (a & b) | (c & (a | b)); }
SALUS_FN L lane_bswap(L x) { return __builtin_bswap64(x); }
SALUS_FN L lane_shift_signed(L x, int n) { return static_cast<L>(static_cast<long>(x) >> n); }

SALUS_FN void load_rows(const u64* const rows[1], L out[8]) {
  SALUS_UNROLL
  for (int i = 0; i < 8; ++i) out[i] = rows[0][i];
}
SALUS_FN void store_rows(const L in[8], u64* const rows[1]) {
  SALUS_UNROLL
  for (int i = 0; i < 8; ++i) rows[0][i] = in[i];
}

#elif SALUS_LANES64 == 4

typedef u64 L __attribute__((vector_size(32)));

SALUS_FN L lane_splat(u64 x) { return L{} + x; }
SALUS_FN L lane_equal(L a, L b) { return (L)(a == b); }
SALUS_FN L lane_below(L a, L b) { return (L)(a < b); }
SALUS_FN L lane_select(L m, L a, L b) {
  return (L)_mm256_blendv_epi8((__m256i)b, (__m256i)a, (__m256i)m);
}
SALUS_FN L lane_xor3(L a, L b, L c) { return a ^ b ^ c; }
SALUS_FN L lane_ch(L e, L f, L g) { return g ^ (e & (f ^ g)); }
SALUS_FN L lane_maj(L a, L b, L c) { return (a & b) | (c & (a | b)); }

SALUS_FN L lane_mul32(L a, L b) { return (L)_mm256_mul_epu32((__m256i)a, (__m256i)b); }
SALUS_FN L lane_fma(L c, L a, L b) { return c + lane_mul32(a, b); }

SALUS_FN L lane_bswap(L x) {
  constexpr u64 kFirst = 0x0001020304050607;
  constexpr u64 kSecond = 0x08090a0b0c0d0e0f;
  const L order = {kFirst, kSecond, kFirst, kSecond};
  return (L)_mm256_shuffle_epi8((__m256i)x, (__m256i)order);
}

/// Transposes four rows of four words.
SALUS_FN void transpose(L r[4]) {
  L t[4];
  SALUS_UNROLL
  for (int i = 0; i < 4; i += 2) {  // pairs of words within 128 bits
    t[i] = __builtin_shufflevector(r[i], r[i + 1], 0, 4, 2, 6);
    t[i + 1] = __builtin_shufflevector(r[i], r[i + 1], 1, 5, 3, 7);
  }
  SALUS_UNROLL
  for (int i = 0; i < 2; ++i) {
    r[i] = __builtin_shufflevector(t[i], t[i + 2], 0, 1, 4, 5);
    r[i + 2] = __builtin_shufflevector(t[i], t[i + 2], 2, 3, 6, 7);
  }
}

SALUS_FN void load_rows(const u64* const rows[4], L out[8]) {
  SALUS_UNROLL
  for (int half = 0; half < 8; half += 4) {
    SALUS_UNROLL
    for (int i = 0; i < 4; ++i) __builtin_memcpy(&out[half + i], rows[i] + half, sizeof(L));
    transpose(out + half);
  }
}
SALUS_FN void store_rows(const L in[8], u64* const rows[4]) {
  SALUS_UNROLL
  for (int half = 0; half < 8; half += 4) {
    L r[4];
    SALUS_UNROLL
    for (int i = 0; i < 4; ++i) r[i] = in[half + i];
    transpose(r);
    SALUS_UNROLL
    for (int i = 0; i < 4; ++i) __builtin_memcpy(rows[i] + half, &r[i], sizeof(L));
  }
}

#elif SALUS_LANES64 == 8

typedef u64 L __attribute__((vector_size(64)));

SALUS_FN L lane_splat(u64 x) { return L{} + x; }
SALUS_FN L lane_equal(L a, L b) { return (L)(a == b); }
SALUS_FN L lane_below(L a, L b) { return (L)(a < b); }

// The immediate is the truth table; the first argument is its bit 2.
#define SALUS_TERNARY64(a, b, c, table) \
  ((L)_mm512_ternarylogic_epi64((__m512i)(a), (__m512i)(b), (__m512i)(c), (table)))
SALUS_FN L lane_select(L m, L a, L b) { return SALUS_TERNARY64(m, a, b, 0xca); }
SALUS_FN L lane_xor3(L a, L b, L c) { return SALUS_TERNARY64(a, b, c, 0x96); }
SALUS_FN L lane_ch(L e, L f, L g) { return SALUS_TERNARY64(e, f, g, 0xca); }
SALUS_FN L lane_maj(L a, L b, L c) { return SALUS_TERNARY64(a, b, c, 0xe8); }

SALUS_FN L lane_fma_low(L c, L a, L b) {
  return (L)_mm512_madd52lo_epu64((__m512i)c, (__m512i)a, (__m512i)b);
}
SALUS_FN L lane_fma_high(L c, L a, L b) {
  return (L)_mm512_madd52hi_epu64((__m512i)c, (__m512i)a, (__m512i)b);
}
SALUS_FN L lane_fma(L c, L a, L b) { return lane_fma_low(c, a, b); }
SALUS_FN L lane_shift_signed(L x, int n) {
  typedef long Signed __attribute__((vector_size(64)));
  return (L)((Signed)x >> n);
}

SALUS_FN L lane_bswap(L x) {
  constexpr u64 kFirst = 0x0001020304050607;
  constexpr u64 kSecond = 0x08090a0b0c0d0e0f;
  const L order = {kFirst, kSecond, kFirst, kSecond, kFirst, kSecond, kFirst, kSecond};
  return (L)_mm512_shuffle_epi8((__m512i)x, (__m512i)order);
}

/// Transposes eight rows of eight words. Loads and shuffles take a fraction of the time of gathers
/// on every CPU that has both: a gather is eight loads and more for one word of each row.
SALUS_FN void transpose(L r[8]) {
  L t[8];
  SALUS_UNROLL
  for (int i = 0; i < 8; i += 2) {  // pairs of words within 128 bits
    t[i] = __builtin_shufflevector(r[i], r[i + 1], 0, 8, 2, 10, 4, 12, 6, 14);
    t[i + 1] = __builtin_shufflevector(r[i], r[i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
  }
#define SALUS_EVEN_QUARTERS(a, b) __builtin_shufflevector(a, b, 0, 1, 4, 5, 8, 9, 12, 13)
#define SALUS_ODD_QUARTERS(a, b) __builtin_shufflevector(a, b, 2, 3, 6, 7, 10, 11, 14, 15)
  SALUS_UNROLL
  for (int i = 0; i < 2; ++i) {  // of four rows
    r[i] = SALUS_EVEN_QUARTERS(t[i], t[i + 2]);
    r[i + 2] = SALUS_ODD_QUARTERS(t[i], t[i + 2]);
    r[i + 4] = SALUS_EVEN_QUARTERS(t[i + 4], t[i + 6]);
    r[i + 6] = SALUS_ODD_QUARTERS(t[i + 4], t[i + 6]);
  }
  SALUS_UNROLL
  for (int i = 0; i < 4; ++i) {  // of all eight
    t[i] = SALUS_EVEN_QUARTERS(r[i], r[i + 4]);
    t[i + 4] = SALUS_ODD_QUARTERS(r[i], r[i + 4]);
  }
#undef SALUS_EVEN_QUARTERS
#undef SALUS_ODD_QUARTERS
  SALUS_UNROLL
  for (int i = 0; i < 8; ++i) r[i] = t[i];
}

SALUS_FN void load_rows(const u64* const rows[8], L out[8]) {
  SALUS_UNROLL
  for (int i = 0; i < 8; ++i) __builtin_memcpy(&out[i], rows[i], sizeof(L));
  transpose(out);
}
SALUS_FN void store_rows(const L in[8], u64* const rows[8]) {
  L r[8];
  SALUS_UNROLL
  for (int i = 0; i < 8; ++i) r[i] = in[i];
  transpose(r);
  SALUS_UNROLL
  for (int i = 0; i < 8; ++i) __builtin_memcpy(rows[i], &r[i], sizeof(L));
}

#endif

#if SALUS_LANES64 != 0
SALUS_FN L lane_rotr(L x, int n) { return (x >> n) | (x << (64 - n)); }
#endif
