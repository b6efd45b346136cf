// The field of P-256, p = 2^256 - 2^224 + 2^192 + 2^96 - 1, on 64-bit lanes: five limbs of 52 bits,
// limb i of weight 2^(52 i), in Montgomery form: the element a is stored as a 2^260 mod p.
//
// Because p = -1 modulo 2^52, the multiple of p that cancels a limb is the limb itself, and p has
// only three limbs to multiply it by.
//
// Two kinds of value, whose bounds hold for every sequence of operations (proved by running this
// very code on intervals: tests/engine/signature/fieldp256_*_bounds_test.cpp):
//   Fe     an element: the lower limbs below 2^52, the top one at most kFeTopLimit, so that it is
//          below 2^257 and a little. Every function takes and returns such, except those named
//          _limbs and _loose.
//   FeSum  sums and differences of products, not reduced yet: ten signed columns of the same
//          weights. Adding up before reducing saves reductions.
//
// Columns are in fieldp256_ifma.h (52-bit multiply-add, eight lanes) and fieldp256_wide.h (64-bit
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
static constexpr u64 kFeTopLimit = (1UL << 49) + (1UL << 25);
static constexpr u64 kFeLooseTopLimit = kFeTopLimit + (1UL << 50);

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

/// Makes an element of limbs of any sign, little above 2^256 at most. Multiples of 2^256 are taken
/// away as multiples of p, which puts as many times 2^256 - p = 2^224 - 2^192 - 2^96 + 1 back. The
/// top limb keeps 2^24 or more, so that nothing carried out of the others makes it negative.
SALUS_FN Fe fe_fold(Fe a) {
  constexpr u64 kKept = 1UL << 24;
  const L top = a.v[4] - kKept;
  const L times = lane_shift_signed(top, 48);
  a.v[0] += times;
  a.v[1] -= times << 44;
  a.v[3] -= times << 36;
  a.v[4] = (top & ((1UL << 48) - 1)) + kKept + (times << 16);
  return fe_carry(a);
}

#if SALUS_FIELDP256_IFMA
#include "kernels/fieldp256_ifma.h"
#else
#include "kernels/fieldp256_wide.h"
#endif

/// a b; 25 products.
SALUS_FN FeSum fe_mul_sum(Fe a, Fe b) {
  FeSum s = {};
  SALUS_UNROLL
  for (int i = 0; i < 5; ++i) {
    SALUS_UNROLL
    for (int j = 0; j < 5; ++j) fe_add_product(&s, i + j, a.v[i], b.v[j]);
  }
  return s;
}

/// a^2; 15 products. The sums of mixed ones are doubled, not a factor, which might not fit into 52
/// bits any more.
SALUS_FN FeSum fe_square_sum(Fe a) {
  FeSum s = {};
  SALUS_UNROLL
  for (int i = 0; i < 5; ++i) {
    SALUS_UNROLL
    for (int j = i + 1; j < 5; ++j) fe_add_product(&s, i + j, a.v[i], a.v[j]);
  }
  SALUS_UNROLL
  for (int k = 1; k < 9; ++k) s.v[k] += s.v[k];
  SALUS_UNROLL
  for (int i = 0; i < 5; ++i) fe_add_product(&s, 2 * i, a.v[i], a.v[i]);
  return s;
}

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

/// s - a 2^260: takes a away from what s is reduced to.
SALUS_FN FeSum fe_less(FeSum s, Fe a) {
  SALUS_UNROLL
  for (int i = 0; i < 5; ++i) s.v[5 + i] -= fe_column(a.v[i]);
  return s;
}

/// s / 2^260 (Montgomery): limb by limb, adds the multiple q p that makes it 0; 15 products. The
/// limbs are not carried.
SALUS_FN Fe fe_reduce_limbs(FeSum s) {
  SALUS_UNROLL
  for (int i = 0; i < 5; ++i) {
    const L q = fe_column_low(s.v[i]);
    s.v[i + 1] += fe_column_carry(s.v[i]);  // column i less q: q p begins with q 2^96 - q
    fe_add_product(&s, i + 1, q, lane_splat(1UL << 44));
    fe_add_product(&s, i + 3, q, lane_splat(kPrime[3]));
    fe_add_product(&s, i + 4, q, lane_splat(kPrime[4]));
  }
  return fe_upper_limbs(s);
}

/// s / 2^260 for one product of elements, of which one may be loose, or two products of elements.
SALUS_FN Fe fe_reduce(FeSum s) { return fe_carry(fe_reduce_limbs(s)); }

/// s / 2^260 for sums and differences of some products.
SALUS_FN Fe fe_reduce_fold(FeSum s) { return fe_fold(fe_reduce_limbs(s)); }

SALUS_FN Fe fe_mul(Fe a, Fe b) { return fe_reduce(fe_mul_sum(a, b)); }
SALUS_FN Fe fe_square(Fe a) { return fe_reduce(fe_square_sum(a)); }

/// a + b, not carried: only for fe_less.
SALUS_FN Fe fe_add_limbs(Fe a, Fe b) {
  SALUS_UNROLL
  for (int i = 0; i < 5; ++i) a.v[i] += b.v[i];
  return a;
}

SALUS_FN Fe fe_add(Fe a, Fe b) { return fe_fold(fe_add_limbs(a, b)); }

SALUS_FN Fe fe_subtract(Fe a, Fe b) {
  SALUS_UNROLL
  for (int i = 0; i < 5; ++i) a.v[i] -= b.v[i];
  return fe_fold(a);
}

/// a - b + 4 p, for multiplications only: the top limb is at most kFeLooseTopLimit.
SALUS_FN Fe fe_subtract_loose(Fe a, Fe b) {
  SALUS_UNROLL
  for (int i = 0; i < 5; ++i) a.v[i] += lane_splat(4 * kPrime[i]) - b.v[i];
  return fe_carry(a);
}
