// Columns of products in 52-bit halves, for eight lanes. Included by fieldp256.h.
#pragma once

typedef struct {
  L v[10];
} FeSum;

/// s + 2^(52 k) a b, for a and b below 2^52; 2 multiply-adds.
SALUS_FN void fe_add_product(FeSum* s, int k, L a, L b) {
  s->v[k] = lane_fma_low(s->v[k], a, b);
  s->v[k + 1] = lane_fma_high(s->v[k + 1], a, b);
}

SALUS_FN L fe_column_low(L column) { return column & kLimbMask; }
SALUS_FN L fe_column_carry(L column) { return lane_shift_signed(column, 52); }
SALUS_FN L fe_column(L limb) { return limb; }

/// s / 2^260 where the lower columns are 0: limbs that are not carried.
SALUS_FN Fe fe_upper_limbs(FeSum s) {
  Fe r;
  SALUS_UNROLL
  for (int i = 0; i < 5; ++i) r.v[i] = s.v[5 + i];
  return r;
}

/// s / 2^260 (Montgomery): column by column, adds the multiple q p that makes it 0; 15 products.
/// The limbs are not carried.
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
