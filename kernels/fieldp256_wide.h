// Products in the field of P-256 from 64-bit multiplications with 128-bit results. Included by
// fieldp256.h.
#pragma once

typedef struct {
  LL v[10];
} FeSum;

/// A limb, which may be negative, as a column.
SALUS_FN LL as_column(L a) { return lane_widen_signed(a); }

/// a b.
SALUS_FN FeSum fe_mul_sum(Fe a, Fe b) {
  FeSum s = {};
  SALUS_UNROLL
  for (int i = 0; i < 5; ++i) {
    SALUS_UNROLL
    for (int j = 0; j < 5; ++j) s.v[i + j] += lane_wide(a.v[i], b.v[j]);
  }
  return s;
}

/// a^2, with mixed products taken once and doubled.
SALUS_FN FeSum fe_square_sum(Fe a) {
  FeSum s = {};
  SALUS_UNROLL
  for (int i = 0; i < 5; ++i) {
    s.v[2 * i] += lane_wide(a.v[i], a.v[i]);
    SALUS_UNROLL
    for (int j = i + 1; j < 5; ++j) s.v[i + j] += lane_wide(a.v[i] * 2, a.v[j]);
  }
  return s;
}

/// s / 2^260 (Montgomery): limb by limb, adds the multiple q p that makes it 0.
SALUS_FN Fe fe_reduce(FeSum s) {
  SALUS_UNROLL
  for (int i = 0; i < 5; ++i) {
    const L q = static_cast<L>(s.v[i] & kLimbMask);
    s.v[i + 1] += wide_shift_signed(s.v[i], 52);  // s.v[i] - q: q p begins with q 2^96 - q
    s.v[i + 1] += lane_wide(q, lane_splat(1UL << 44));
    s.v[i + 3] += lane_wide(q, lane_splat(kPrime[3]));
    s.v[i + 4] += lane_wide(q, lane_splat(kPrime[4]));
  }
  SALUS_UNROLL
  for (int i = 5; i < 9; ++i) {
    s.v[i + 1] += wide_shift_signed(s.v[i], 52);
    s.v[i] = s.v[i] & kLimbMask;
  }
  Fe r;
  SALUS_UNROLL
  for (int i = 0; i < 5; ++i) r.v[i] = static_cast<L>(s.v[5 + i]);
  return fe_fold(r);
}
