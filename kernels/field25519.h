// The field of 2^255 - 19 on 64-bit lanes: five limbs of 51 bits, limb i of weight 2^(51 i).
//
// Radix 2^51 leaves one bit of each 52-bit multiplicand free, and 2^255 = 19 needs no wider
// constant, so that a product is folded by one multiplication a limb and carried in one pass.
//
// Two kinds of value, whose bounds hold for every sequence of operations (proved by running this
// very code on intervals: tests/engine/signature/field25519_*_bounds_test.cpp):
//   Fe     an element. Every function returns limbs of at most kFeLimit, except fe_negate_loose,
//          and multiplications take limbs of at most kFeFactorLimit.
//   FeSum  products added up and not carried yet: limbs of at most kFeProductLimit a product, and
//          below 2^64 in all. Adding before carrying saves carries.
//
// Products are in field25519_ifma.h (52-bit multiply-add, eight lanes), field25519_avx2.h (32-bit
// multiplication, four lanes) and field25519_wide.h (64-bit multiplication, one lane); the limbs
// are the same, so that everything else is.
#pragma once

#include "kernels/lanes64.h"

#ifndef SALUS_FIELD25519_IFMA
#define SALUS_FIELD25519_IFMA (SALUS_LANES64 == 8)
#endif
#ifndef SALUS_FIELD25519_AVX2
#define SALUS_FIELD25519_AVX2 (SALUS_LANES64 == 4)
#endif

typedef struct {
  L v[5];
} Fe;

typedef struct {
  L v[5];
} FeSum;

static constexpr u64 kLimbMask = (1UL << 51) - 1;
static constexpr u64 kFeLimit = (1UL << 51) + (1UL << 18);
static constexpr u64 kFeFactorLimit = (1UL << 52) - 1;
static constexpr u64 kFeProductLimit = (1UL << 60) + (1UL << 56);

/// One carry pass over all limbs at once. Takes limbs up to 2^64 - 1: a carry is below 2^13, and 19
/// times it below 2^17.3.
SALUS_FN Fe fe_carry(FeSum s) {
  Fe r;
  r.v[0] = lane_fma(s.v[0] & kLimbMask, s.v[4] >> 51, lane_splat(19));
  SALUS_UNROLL
  for (int i = 1; i < 5; ++i) r.v[i] = (s.v[i] & kLimbMask) + (s.v[i - 1] >> 51);
  return r;
}

SALUS_FN FeSum fe_as_sum(Fe a) {
  FeSum s;
  SALUS_UNROLL
  for (int i = 0; i < 5; ++i) s.v[i] = a.v[i];
  return s;
}

SALUS_FN FeSum fe_sum(FeSum a, FeSum b) {
  SALUS_UNROLL
  for (int i = 0; i < 5; ++i) a.v[i] += b.v[i];
  return a;
}

/// a - b for a product b: 2^10 p is added, whose limbs are above kFeProductLimit.
SALUS_FN FeSum fe_difference(FeSum a, FeSum b) {
  a.v[0] += ((kLimbMask - 18) << 10) - b.v[0];
  SALUS_UNROLL
  for (int i = 1; i < 5; ++i) a.v[i] += (kLimbMask << 10) - b.v[i];
  return a;
}

#if SALUS_FIELD25519_IFMA
#include "kernels/field25519_ifma.h"
#elif SALUS_FIELD25519_AVX2
#include "kernels/field25519_avx2.h"
#else
#include "kernels/field25519_wide.h"
#endif

SALUS_FN Fe fe_add(Fe a, Fe b) { return fe_carry(fe_sum(fe_as_sum(a), fe_as_sum(b))); }

/// 2 p - a, not carried: limbs up to kFeFactorLimit.
SALUS_FN Fe fe_negate_loose(Fe a) {
  a.v[0] = lane_splat((kLimbMask - 18) << 1) - a.v[0];
  SALUS_UNROLL
  for (int i = 1; i < 5; ++i) a.v[i] = lane_splat(kLimbMask << 1) - a.v[i];
  return a;
}

SALUS_FN Fe fe_subtract(Fe a, Fe b) {
  return fe_carry(fe_sum(fe_as_sum(a), fe_as_sum(fe_negate_loose(b))));
}

SALUS_FN Fe fe_select(L mask, Fe a, Fe b) {
  SALUS_UNROLL
  for (int i = 0; i < 5; ++i) a.v[i] = lane_select(mask, a.v[i], b.v[i]);
  return a;
}

/// The same small number or field constant in every lane.
SALUS_FN Fe fe_splat(const u64 limbs[5]) {
  Fe r;
  SALUS_UNROLL
  for (int i = 0; i < 5; ++i) r.v[i] = lane_splat(limbs[i]);
  return r;
}

static constexpr u64 kFeZero[5] = {0, 0, 0, 0, 0};
static constexpr u64 kFeOne[5] = {1, 0, 0, 0, 0};
