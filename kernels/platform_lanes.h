// C++ column of the vocabulary in platform.h: SALUS_LANES u32 in a GCC/Clang vector.
#pragma once

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long u64;

#if SALUS_LANES == 1
typedef u32 W;
#else
typedef u32 W __attribute__((vector_size(4 * SALUS_LANES)));
#endif

#define SALUS_FN [[gnu::always_inline]] static inline
#define SALUS_GLOBAL
#define SALUS_UNIFORM
#define SALUS_CONSTANT static constexpr

SALUS_FN W splat(u32 x) { return W{} + x; }

SALUS_FN W lane_ids() {
#if SALUS_LANES == 1
  return 0;
#else
  W v{};
  for (u32 i = 0; i < SALUS_LANES; ++i) v[i] = i;
  return v;
#endif
}

SALUS_FN W rotr(W x, u32 n) { return (x >> n) | (x << (32 - n)); }

#if defined(__AVX512F__) && SALUS_LANES == 16
// GCC does not find VPTERNLOG for these by itself. The immediate is the truth table, a = bit 2.
#define SALUS_TERNARY(a, b, c, table) \
  ((W)__builtin_ia32_pternlogd512_mask((v16i)(a), (v16i)(b), (v16i)(c), (table), 0xffff))
typedef int v16i __attribute__((vector_size(64)));
SALUS_FN W xor3(W a, W b, W c) { return SALUS_TERNARY(a, b, c, 0x96); }
SALUS_FN W ch(W e, W f, W g) { return SALUS_TERNARY(e, f, g, 0xca); }
SALUS_FN W maj(W a, W b, W c) { return SALUS_TERNARY(a, b, c, 0xe8); }
#else
SALUS_FN W xor3(W a, W b, W c) { return a ^ b ^ c; }
SALUS_FN W ch(W e, W f, W g) { return g ^ (e & (f ^ g)); }
SALUS_FN W maj(W a, W b, W c) { return (a & b) | (c & (a | b)); }
#endif

SALUS_FN W bswap(W x) {
  return ((rotr(x, 24) & 0x00ff00ffU) | (rotr(x, 8) & 0xff00ff00U));
}
