// The vocabulary of kernels/lanes64.h for one 64-bit lane a work-item.
#pragma once

#include "kernels/gpu/platform.h"

#define SALUS_LANES64 0
typedef u64 L;

#if defined(__OPENCL_C_VERSION__) || defined(__OPENCL_VERSION__)
#define lane_rotr(x, n) rotate((x), (u64)(64 - (n)))
#else
SALUS_FN L lane_rotr(L x, int n) { return (x >> n) | (x << (64 - n)); }
#endif
SALUS_FN L lane_xor3(L a, L b, L c) { return a ^ b ^ c; }
SALUS_FN L lane_ch(L e, L f, L g) { return g ^ (e & (f ^ g)); }
SALUS_FN L lane_maj(L a, L b, L c) { return (a & b) | (c & (a | b)); }
