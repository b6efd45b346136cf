// Numbers of 256 and 512 bits as 32-bit words, the least significant first, all bits used.
//
// Two forms, which tests compare with each other and with OpenSSL: chains of instructions with
// carry, and 64-bit products for everybody else.
#pragma once

#include "kernels/gpu/platform.h"

typedef struct {
  u32 v[8];
} U256;

typedef struct {
  u32 v[16];
} U512;

#if SALUS_CARRY_CHAINS
#include "kernels/gpu/words_chains.h"
#else
#include "kernels/gpu/words_portable.h"
#endif

/// 32 bytes at a multiple of 16.
SALUS_FN U256 u256_load(SALUS_GLOBAL const u32* from) {
  const Quad low = load_quad(from);
  const Quad high = load_quad(from + 4);
  U256 r;
  r.v[0] = low.x, r.v[1] = low.y, r.v[2] = low.z, r.v[3] = low.w;
  r.v[4] = high.x, r.v[5] = high.y, r.v[6] = high.z, r.v[7] = high.w;
  return r;
}

SALUS_FN void u256_store(U256 a, SALUS_GLOBAL u32* to) {
  Quad low;
  Quad high;
  low.x = a.v[0], low.y = a.v[1], low.z = a.v[2], low.w = a.v[3];
  high.x = a.v[4], high.y = a.v[5], high.z = a.v[6], high.w = a.v[7];
  store_quad(low, to);
  store_quad(high, to + 4);
}

SALUS_FN U256 u256_constant(SALUS_CONSTANT_ARG u32* words) {
  U256 r;
  SALUS_UNROLL
  for (int i = 0; i < 8; ++i) r.v[i] = words[i];
  return r;
}

/// `a` where `condition` holds, else `b`.
SALUS_FN U256 u256_select(bool condition, U256 a, U256 b) {
  SALUS_UNROLL
  for (int i = 0; i < 8; ++i) a.v[i] = condition ? a.v[i] : b.v[i];
  return a;
}

SALUS_FN bool u256_equal(U256 a, U256 b) {
  u32 difference = 0;
  SALUS_UNROLL
  for (int i = 0; i < 8; ++i) difference |= a.v[i] ^ b.v[i];
  return difference == 0;
}

SALUS_FN bool u256_is_zero(U256 a) {
  u32 bits = 0;
  SALUS_UNROLL
  for (int i = 0; i < 8; ++i) bits |= a.v[i];
  return bits == 0;
}
