// The field of P-256, p = 2^256 - 2^224 + 2^192 + 2^96 - 1, on 64-bit lanes: five limbs of 52 bits,
// limb i of weight 2^(52 i), in Montgomery form: the element a is stored as a 2^260 mod p.
//
// Because p = -1 modulo 2^52, the multiple of p that cancels a limb is the limb itself, and p has
// only three limbs to multiply it by.
//
// Two kinds of value, whose bounds hold for every sequence of operations (proved by running this
// very code on intervals: tests/engine/signature/fieldp256_*_bounds_test.cpp):
//   Fe     an element: the lower limbs below 2^52, the top one at most kFeTopLimit, which makes it
//   a
//          little more than 2^256 at most. Every function takes and returns such, except
//          fe_subtract_loose.
//   FeSum  sums and differences of products, not reduced yet: ten signed columns of the same
//          weights. Adding up before reducing saves reductions.
//
// Products are in fieldp256_ifma.h (52-bit multiply-add, eight lanes) and fieldp256_wide.h (64-bit
// multiplication, one lane); the limbs are the same, so that everything else is.
#pragma once

#include "kernels/lanes64.h"

#ifndef SALUS_FIELDP256_IFMA
#define SALUS_FIELDP256_IFMA (SALUS_LANES64 == 8)
#endif

typedef struct {
  L v[5];
} Fe;

static constexpr u64 kLimbMask = (1UL << 52) - 1;
static constexpr u64 kFeTopLimit = (1UL << 48) + (1UL << 24);
static constexpr u64 kFeLooseTopLimit = 5UL << 48;

static constexpr u64 kPrime[5] = {kLimbMask, (1UL << 44) - 1, 0, 1UL << 36,
                                  (1UL << 48) - (1UL << 16)};

/// Carries limbs, which may be negative, into the next ones; all but the top one end below 2^52.
SALUS_FN Fe fe_carry(Fe a) {
  SALUS_UNROLL
  for (int i = 0; i < 4; ++i) {
    a.v[i + 1] += lane_shift_signed(a.v[i], 52);
    a.v[i] = a.v[i] & kLimbMask;
  }
  return a;
}

/// Makes an element of a sum of limbs that is not negative: what is above 2^256 is taken away as a
/// multiple of p, and 2^256 of it put back as 2^256 - p = 2^224 - 2^192 - 2^96 + 1.
SALUS_FN Fe fe_fold(Fe a) {
  const L over = lane_shift_signed(a.v[4], 48);
  a.v[4] = a.v[4] & ((1UL << 48) - 1);
  a.v[0] += over;
  a.v[1] -= over << 44;
  a.v[3] -= over << 36;
  a.v[4] += over << 16;
  return fe_carry(a);
}

#if SALUS_FIELDP256_IFMA
#include "kernels/fieldp256_ifma.h"
#else
#include "kernels/fieldp256_wide.h"
#endif

SALUS_FN FeSum fe_sum(FeSum a, FeSum b) {
  SALUS_UNROLL
  for (int i = 0; i < 10; ++i) a.v[i] += b.v[i];
  return a;
}

SALUS_FN FeSum fe_difference(FeSum a, FeSum b) {
  SALUS_UNROLL
  for (int i = 0; i < 10; ++i) a.v[i] -= b.v[i];
  return a;
}

/// s + (times p - a) 2^260: takes a away from what s is reduced to.
SALUS_FN FeSum fe_less(FeSum s, int times, Fe a) {
  SALUS_UNROLL
  for (int i = 0; i < 5; ++i)
    s.v[5 + i] += as_column(lane_splat(kPrime[i] * static_cast<u64>(times)) - a.v[i]);
  return s;
}

/// s + p 2^260, which keeps a difference of products from being negative.
SALUS_FN FeSum fe_raise(FeSum s) {
  SALUS_UNROLL
  for (int i = 0; i < 5; ++i) s.v[5 + i] += as_column(lane_splat(kPrime[i]));
  return s;
}

SALUS_FN Fe fe_mul(Fe a, Fe b) { return fe_reduce(fe_mul_sum(a, b)); }
SALUS_FN Fe fe_square(Fe a) { return fe_reduce(fe_square_sum(a)); }

/// a + b, not carried: only for fe_less.
SALUS_FN Fe fe_add_limbs(Fe a, Fe b) {
  SALUS_UNROLL
  for (int i = 0; i < 5; ++i) a.v[i] += b.v[i];
  return a;
}

SALUS_FN Fe fe_add(Fe a, Fe b) { return fe_fold(fe_add_limbs(a, b)); }

/// a - b + 2 p as limbs that may be negative.
SALUS_FN Fe fe_subtract_limbs(Fe a, Fe b) {
  SALUS_UNROLL
  for (int i = 0; i < 5; ++i) a.v[i] += lane_splat(2 * kPrime[i]) - b.v[i];
  return a;
}

SALUS_FN Fe fe_subtract(Fe a, Fe b) { return fe_fold(fe_subtract_limbs(a, b)); }

/// a - b + 2 p, for multiplications only: the top limb is at most kFeLooseTopLimit.
SALUS_FN Fe fe_subtract_loose(Fe a, Fe b) { return fe_carry(fe_subtract_limbs(a, b)); }
