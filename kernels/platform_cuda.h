// CUDA C++ column of the vocabulary in platform.h. One lane a thread. The host shim compiles the
// same text as plain C++, so PTX stands behind __CUDA_ARCH__ with a portable twin beside it.
#pragma once

#if SALUS_LANES != 1
#error "CUDA kernels take one lane a thread"
#endif

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef u32 W;

#define SALUS_FN static __device__ __forceinline__
#define SALUS_GLOBAL
#define SALUS_UNIFORM
#define SALUS_CONSTANT static __device__ const

#ifdef __CUDACC__
#define SALUS_REPEAT(i, from, to, step) \
  _Pragma("unroll") for (u32 i = (from); i < (to); i += (step))
#else
#define SALUS_REPEAT(i, from, to, step) for (u32 i = (from); i < (to); i += (step))
#endif

#define lane_ids() 0u
#define splat(x) ((u32)(x))

SALUS_FN u32 rotr(u32 x, u32 n) { return __funnelshift_r(x, x, n); }

// ptxas turns each of these into one LOP3.
SALUS_FN u32 xor3(u32 a, u32 b, u32 c) { return a ^ b ^ c; }
SALUS_FN u32 ch(u32 e, u32 f, u32 g) { return g ^ (e & (f ^ g)); }
SALUS_FN u32 maj(u32 a, u32 b, u32 c) { return (a & b) | (c & (a | b)); }
SALUS_FN u32 bswap(u32 x) { return __byte_perm(x, 0, 0x0123); }
