// The vocabulary that kernels are written in, with one column for each target: OpenCL C 1.2,
// CUDA C++ (also compiled as plain C++ against the host shim), and C++ lanes (GCC/Clang vector
// extensions). Algorithm files use only these names, so that the arithmetic has one source.
//
//   u8 u32 u64        unsigned integers
//   W                 a lane word: SALUS_LANES u32 side by side (u32 itself for one lane)
//   SALUS_FN          an inlined function       SALUS_GLOBAL / SALUS_CONSTANT  address spaces
//   SALUS_UNIFORM     address space of a launch's parameters, which every lane reads alike
//   splat(x)          x in every lane           lane_ids()   0, 1, 2, ... in lane order
//   rotr(x, n)        rotate right              xor3 ch maj  three-input logic
//   bswap(x)          reverse the bytes of each lane
//   SALUS_REPEAT(i, from, to, step)   a counting loop: unrolled on GPUs, kept as a loop on the CPU
//
// The includer defines SALUS_LANES (default 1). A C++ includer puts these files inside a namespace
// of its own for each instruction set; this header therefore includes nothing.
#pragma once

#ifndef SALUS_LANES
#define SALUS_LANES 1
#endif

#if defined(__OPENCL_C_VERSION__) || defined(__OPENCL_VERSION__)
#include "kernels/platform_opencl.h"
#elif defined(__CUDACC__) || defined(SALUS_CUDA_SHIM)
#include "kernels/platform_cuda.h"
#else
#include "kernels/platform_lanes.h"
#endif
