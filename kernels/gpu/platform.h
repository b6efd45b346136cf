// What kernels of big numbers need beyond kernels/platform.h, for one number a work-item: OpenCL C
// 1.2, CUDA C++ (also as plain C++ against the host shim), and C++ for tests of the arithmetic.
//
//   SALUS_UNROLL, SALUS_KEEP_LOOP   before a loop: take it apart (arrays that it indexes then stay
//   in
//                                   registers), or leave it alone (a body is code that is fetched)
//   SALUS_CALL                      a function that may stay one: on a CPU
//   SALUS_TABLE                     a table that is indexed by a loop's counter
//   SALUS_CONSTANT_ARG              qualifies a pointer to constants
//   SALUS_CARRY_CHAINS              1 where sums are made by instructions that take and give a
//   carry Quad, load_quad, store_quad     four words at a multiple of 16 bytes
#pragma once

#include "kernels/platform.h"

#if defined(__OPENCL_C_VERSION__) || defined(__OPENCL_VERSION__)

#define SALUS_CARRY_CHAINS 0
#define SALUS_UNROLL _Pragma("unroll")
#define SALUS_KEEP_LOOP
// Drivers that compute on the CPU take minutes for a kernel in which some seventy multiplications
// are copied, and a call costs a CPU nothing.
#ifdef SALUS_CALLS
#define SALUS_CALL static __attribute__((noinline))
#else
#define SALUS_CALL SALUS_FN
#endif
#define SALUS_TABLE __constant
#define SALUS_CONSTANT_ARG __constant const

typedef uint4 Quad;
SALUS_FN Quad load_quad(__global const u32* from) { return vload4(0, from); }
SALUS_FN void store_quad(Quad quad, __global u32* to) { vstore4(quad, 0, to); }

#elif defined(__CUDACC__) || defined(SALUS_CUDA_SHIM)

#define SALUS_CARRY_CHAINS 1
#ifdef __CUDACC__
#define SALUS_UNROLL _Pragma("unroll")
#define SALUS_KEEP_LOOP _Pragma("unroll 1")
#else
#define SALUS_UNROLL _Pragma("GCC unroll 16")
#define SALUS_KEEP_LOOP
#endif
#define SALUS_CALL SALUS_FN
#define SALUS_TABLE static __constant__ const
#define SALUS_CONSTANT_ARG const

typedef uint4 Quad;
SALUS_FN Quad load_quad(const u32* from) { return *reinterpret_cast<const uint4*>(from); }
SALUS_FN void store_quad(Quad quad, u32* to) { *reinterpret_cast<uint4*>(to) = quad; }

#else

#define SALUS_CARRY_CHAINS 0
#define SALUS_UNROLL _Pragma("GCC unroll 16")
#define SALUS_KEEP_LOOP
#define SALUS_CALL [[maybe_unused]] static
#define SALUS_TABLE static constexpr
#define SALUS_CONSTANT_ARG const

typedef struct {
  u32 x, y, z, w;
} Quad;
SALUS_FN Quad load_quad(const u32* from) { return {from[0], from[1], from[2], from[3]}; }
SALUS_FN void store_quad(Quad quad, u32* to) {
  to[0] = quad.x, to[1] = quad.y, to[2] = quad.z, to[3] = quad.w;
}

#endif
