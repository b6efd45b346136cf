// CUDA C++ column of the vocabulary in platform.h. One lane a thread. The host shim compiles the
// same text as plain C++, so PTX stands behind __CUDA_ARCH__ with a portable twin beside it.
//
// SALUS_CUDA_FORM chooses where adds and rotates are computed:
//   0  plain: three-input adds and funnel shifts, all on the integer pipe
//   1  adds on the multiplier: a * 1 + b
//   2  the same, and one of the six rotates of a round as a multiplication by a power of two
//   3  the same with two of the six
#pragma once

#if SALUS_LANES != 1
#error "CUDA kernels take one lane a thread"
#endif
#ifndef SALUS_CUDA_FORM
#define SALUS_CUDA_FORM 0
#endif

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;

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

#if SALUS_CUDA_FORM == 0
typedef u32 W;
/// A word that differs from thread to thread.
SALUS_FN W varying(u32 x) { return x; }
SALUS_FN u32 word_bits(W x) { return x; }

SALUS_FN u32 rotr(u32 x, u32 n) { return __funnelshift_r(x, x, n); }

// ptxas turns each of these into one LOP3.
SALUS_FN u32 xor3(u32 a, u32 b, u32 c) { return a ^ b ^ c; }
SALUS_FN u32 ch(u32 e, u32 f, u32 g) { return g ^ (e & (f ^ g)); }
SALUS_FN u32 maj(u32 a, u32 b, u32 c) { return (a & b) | (c & (a | b)); }
SALUS_FN u32 bswap(u32 x) { return __byte_perm(x, 0, 0x0123); }
#else
#include "kernels/cuda/imad_word.cuh"
#endif
