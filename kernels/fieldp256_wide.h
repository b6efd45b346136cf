// Columns of whole products in 128 bits, for one lane. Included by fieldp256.h.
#pragma once

typedef struct {
  LL v[10];
} FeSum;

/// s + 2^(52 k) a b.
SALUS_FN void fe_add_product(FeSum* s, int k, L a, L b) { s->v[k] += lane_wide(a, b); }

SALUS_FN L fe_column_low(LL column) { return static_cast<L>(column & kLimbMask); }
SALUS_FN LL fe_column_carry(LL column) { return wide_shift_signed(column, 52); }
SALUS_FN LL fe_column(L limb) { return lane_widen_signed(limb); }

/// s / 2^260 where the lower columns are 0.
SALUS_FN Fe fe_upper_limbs(FeSum s) {
  Fe r;
  SALUS_UNROLL
  for (int i = 0; i < 4; ++i) {
    s.v[6 + i] += fe_column_carry(s.v[5 + i]);
    r.v[i] = fe_column_low(s.v[5 + i]);
  }
  r.v[4] = static_cast<L>(s.v[9]);
  return r;
}
