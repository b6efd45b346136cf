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

#define SALUS_FN static inline
#define SALUS_GLOBAL __global
#define SALUS_CONSTANT __constant

#define SALUS_REPEAT(i, from, to, step) \
  _Pragma("unroll") for (u32 i = (from); i < (to); i += (step))

#define splat(x) ((W)(x))
#define rotr(x, n) rotate((x), splat(32u - (n)))
#define xor3(a, b, c) ((a) ^ (b) ^ (c))
#define ch(e, f, g) bitselect((g), (f), (e))
#define maj(a, b, c) bitselect((a), (b), (a) ^ (c))
#define bswap(x) \
  ((rotate((x), splat(8u)) & splat(0x00ff00ffu)) | (rotate((x), splat(24u)) & splat(0xff00ff00u)))
