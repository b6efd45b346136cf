// OpenCL C 1.2 column of the vocabulary in platform.h.
#pragma once

typedef uchar u8;
typedef uint u32;
typedef ulong u64;

#if SALUS_LANES == 1
typedef uint W;
#define lane_ids() 0u
#elif SALUS_LANES == 4
typedef uint4 W;
#define lane_ids() ((uint4)(0, 1, 2, 3))
#elif SALUS_LANES == 8
typedef uint8 W;
#define lane_ids() ((uint8)(0, 1, 2, 3, 4, 5, 6, 7))
#elif SALUS_LANES == 16
typedef uint16 W;
#define lane_ids() ((uint16)(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15))
#else
#error "OpenCL kernels take 1, 4, 8 or 16 lanes"
#endif

#define SALUS_FN static inline __attribute__((always_inline))
#define SALUS_GLOBAL __global
#define SALUS_UNIFORM __constant
#define SALUS_CONSTANT __constant

#define SALUS_REPEAT(i, from, to, step) \
  _Pragma("unroll") for (u32 i = (from); i < (to); i += (step))

#define splat(x) ((W)(x))
#define rotr(x, n) rotate((x), splat(32u - (n)))
#if defined(__AVX512F__) && SALUS_LANES == 16
// LLVM makes two or three instructions of `ch` and `maj`, whichever way they are written, because
// its reassociation splits them into sums. The immediate is the truth table, a = bit 2.
#define SALUS_TERNARY(a, b, c, table) \
  as_uint16(__builtin_ia32_pternlogd512_mask(as_int16(a), as_int16(b), as_int16(c), (table), -1))
#define xor3(a, b, c) SALUS_TERNARY(a, b, c, 0x96)
#define ch(e, f, g) SALUS_TERNARY(e, f, g, 0xca)
#define maj(a, b, c) SALUS_TERNARY(a, b, c, 0xe8)
#else
#define xor3(a, b, c) ((a) ^ (b) ^ (c))
#define ch(e, f, g) bitselect((g), (f), (e))
#define maj(a, b, c) bitselect((a), (b), (a) ^ (c))
#endif
#define bswap(x) \
  ((rotate((x), splat(8u)) & splat(0x00ff00ffu)) | (rotate((x), splat(24u)) & splat(0xff00ff00u)))

#if defined(SALUS_SHORT_CHAIN) && defined(__AVX512F__) && SALUS_LANES == 16
// The round for cores on which it is bound by latency (on Zen 5 every vector instruction takes two
// cycles): two more adds, but the newest e passes one add less on its way to the next. LLVM would
// join equal sums again, which SALUS_KEEP, an empty instruction that takes and gives x, prevents.
#define SALUS_KEEP(x) __asm__("" : "+v"(x))
#define SHA256_ROUND(a, b, c, d, e, f, g, h, kw) \
  do {                                           \
    const W chosen = ch(e, f, g);                \
    const W sum1 = sha256_sum1(e);               \
    W h_part = (h) + (kw);                       \
    SALUS_KEEP(h_part);                          \
    W d_part = (d) + h_part;                     \
    SALUS_KEEP(d_part);                          \
    d_part += chosen;                            \
    SALUS_KEEP(d_part);                          \
    (d) = d_part + sum1;                         \
    h_part += chosen;                            \
    SALUS_KEEP(h_part);                          \
    W t1 = h_part + sum1;                        \
    SALUS_KEEP(t1);                              \
    W t1_maj = t1 + maj(a, b, c);                \
    SALUS_KEEP(t1_maj);                          \
    (h) = t1_maj + sha256_sum0(a);               \
  } while (0)
#endif
