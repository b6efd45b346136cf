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
