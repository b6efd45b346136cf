// C++ column of the vocabulary in platform.h: SALUS_LANES u32 in a GCC/Clang vector. 32 lanes are
// two vectors of 16 side by side, for work that is long on latency: while one waits, the other
// computes.
#pragma once

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long u64;

#if SALUS_LANES == 32
#define SALUS_VECTOR_LANES 16
#else
#define SALUS_VECTOR_LANES SALUS_LANES
#endif
#define SALUS_VECTORS (SALUS_LANES / SALUS_VECTOR_LANES)

#define SALUS_FN [[gnu::always_inline]] static inline
#define SALUS_GLOBAL
#define SALUS_UNIFORM
#define SALUS_CONSTANT static constexpr

/// `x`, hidden from the optimiser.
SALUS_FN u32 opaque(u32 x) {
  __asm__("" : "+r"(x));
  return x;
}

// Rounds of SHA-256 that are all unrolled overflow the CPU's cache of decoded instructions (and
// with two vectors its first-level cache), so the compiler must not see how short this loop is.
#define SALUS_REPEAT(i, from, to, step) \
  for (u32 i = (from), i##_end = opaque(to); i < i##_end; i += (step))

/// As many lanes as a register has.
#if SALUS_LANES == 1
typedef u32 LaneVector;
#else
typedef u32 LaneVector __attribute__((vector_size(4 * SALUS_VECTOR_LANES)));
#endif

SALUS_FN LaneVector rotr(LaneVector x, u32 n) { return (x >> n) | (x << (32 - n)); }

#if defined(__AVX512F__) && SALUS_VECTOR_LANES == 16
// GCC does not find VPTERNLOG for these by itself. The immediate is the truth table, a = bit 2.
#define SALUS_TERNARY(a, b, c, table) \
  ((LaneVector)__builtin_ia32_pternlogd512_mask((v16i)(a), (v16i)(b), (v16i)(c), (table), 0xffff))
typedef int v16i __attribute__((vector_size(64)));
SALUS_FN LaneVector xor3(LaneVector a, LaneVector b, LaneVector c) {
  return SALUS_TERNARY(a, b, c, 0x96);
}
SALUS_FN LaneVector ch(LaneVector e, LaneVector f, LaneVector g) {
  return SALUS_TERNARY(e, f, g, 0xca);
}
SALUS_FN LaneVector maj(LaneVector a, LaneVector b, LaneVector c) {
  return SALUS_TERNARY(a, b, c, 0xe8);
}
#else
SALUS_FN LaneVector xor3(LaneVector a, LaneVector b, LaneVector c) { return a ^ b ^ c; }
SALUS_FN LaneVector ch(LaneVector e, LaneVector f, LaneVector g) { return g ^ (e & (f ^ g)); }
SALUS_FN LaneVector maj(LaneVector a, LaneVector b, LaneVector c) {
  return b ^ ((a ^ b) & (b ^ c));
}
#endif

#define SALUS_BSWAP_WORD(i) 4 * (i) + 3, 4 * (i) + 2, 4 * (i) + 1, 4 * (i)
#define SALUS_BSWAP_4(i)                                                     \
  SALUS_BSWAP_WORD(i), SALUS_BSWAP_WORD((i) + 1), SALUS_BSWAP_WORD((i) + 2), \
      SALUS_BSWAP_WORD((i) + 3)

SALUS_FN LaneVector bswap(LaneVector x) {
#if SALUS_LANES == 1
  return __builtin_bswap32(x);
#elif defined(__SSSE3__)
  typedef u8 Octets __attribute__((vector_size(sizeof(LaneVector))));
  const Octets octets = (Octets)x;
#if SALUS_VECTOR_LANES == 16
  return (LaneVector)__builtin_shufflevector(octets, octets, SALUS_BSWAP_4(0), SALUS_BSWAP_4(4),
                                             SALUS_BSWAP_4(8), SALUS_BSWAP_4(12));
#elif SALUS_VECTOR_LANES == 8
  return (LaneVector)__builtin_shufflevector(octets, octets, SALUS_BSWAP_4(0), SALUS_BSWAP_4(4));
#else
  return (LaneVector)__builtin_shufflevector(octets, octets, SALUS_BSWAP_4(0));
#endif
#else
  return (rotr(x, 24) & 0x00ff00ffU) | (rotr(x, 8) & 0xff00ff00U);
#endif
}

#if SALUS_VECTORS == 1
typedef LaneVector W;
SALUS_FN W splat(u32 x) { return W{} + x; }
#else
struct W {
  LaneVector low, high;
};

// Written out, not looped: GCC takes a struct apart only while it sees no variable index.
SALUS_FN W splat(u32 x) { return {LaneVector{} + x, LaneVector{} + x}; }
SALUS_FN W operator+(W a, W b) { return {a.low + b.low, a.high + b.high}; }
SALUS_FN W operator+(W a, u32 b) { return {a.low + b, a.high + b}; }
SALUS_FN W& operator+=(W& a, W b) { return a = a + b; }
SALUS_FN W operator&(W a, u32 b) { return {a.low & b, a.high & b}; }
SALUS_FN W operator|(W a, W b) { return {a.low | b.low, a.high | b.high}; }
SALUS_FN W operator|(W a, u32 b) { return {a.low | b, a.high | b}; }
SALUS_FN W operator<<(W a, u32 n) { return {a.low << n, a.high << n}; }
SALUS_FN W operator>>(W a, u32 n) { return {a.low >> n, a.high >> n}; }
SALUS_FN W rotr(W x, u32 n) { return {rotr(x.low, n), rotr(x.high, n)}; }
SALUS_FN W xor3(W a, W b, W c) { return {xor3(a.low, b.low, c.low), xor3(a.high, b.high, c.high)}; }
SALUS_FN W ch(W e, W f, W g) { return {ch(e.low, f.low, g.low), ch(e.high, f.high, g.high)}; }
SALUS_FN W maj(W a, W b, W c) { return {maj(a.low, b.low, c.low), maj(a.high, b.high, c.high)}; }
SALUS_FN W bswap(W x) { return {bswap(x.low), bswap(x.high)}; }
#endif

SALUS_FN W lane_ids() {
  u32 ids[SALUS_LANES];
  for (u32 i = 0; i < SALUS_LANES; ++i) ids[i] = i;
  W out;
  __builtin_memcpy(&out, ids, sizeof out);
  return out;
}
