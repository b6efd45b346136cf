// Products in the field of P-256 from 52-bit multiply-adds. Included by fieldp256.h.
#pragma once

typedef struct {
  L v[10];
} FeSum;

SALUS_FN L as_column(L a) { return a; }

/// a b; 50 multiply-adds.
SALUS_FN FeSum fe_mul_sum(Fe a, Fe b) {
  FeSum s = {};
  L high[10] = {};
  SALUS_UNROLL
  for (int i = 0; i < 5; ++i) {
    SALUS_UNROLL
    for (int j = 0; j < 5; ++j) {
      s.v[i + j] = lane_fma_low(s.v[i + j], a.v[i], b.v[j]);
      high[i + j + 1] = lane_fma_high(high[i + j + 1], a.v[i], b.v[j]);
    }
  }
  SALUS_UNROLL
  for (int k = 1; k < 10; ++k) s.v[k] += high[k];
  return s;
}

/// a^2; 30 multiply-adds. The sums of mixed products are doubled, not a factor, which might not fit
/// into 52 bits any more.
SALUS_FN FeSum fe_square_sum(Fe a) {
  FeSum s = {};
  L high[10] = {};
  SALUS_UNROLL
  for (int i = 0; i < 5; ++i) {
    SALUS_UNROLL
    for (int j = i + 1; j < 5; ++j) {
      s.v[i + j] = lane_fma_low(s.v[i + j], a.v[i], a.v[j]);
      high[i + j + 1] = lane_fma_high(high[i + j + 1], a.v[i], a.v[j]);
    }
  }
  SALUS_UNROLL
  for (int k = 1; k < 9; ++k) {
    s.v[k] += high[k];
    s.v[k] += s.v[k];
  }
  SALUS_UNROLL
  for (int i = 0; i < 5; ++i) {
    s.v[2 * i] = lane_fma_low(s.v[2 * i], a.v[i], a.v[i]);
    s.v[2 * i + 1] = lane_fma_high(s.v[2 * i + 1], a.v[i], a.v[i]);
  }
  return s;
}

/// s / 2^260 (Montgomery): limb by limb, adds the multiple q p that makes it 0; 30 multiply-adds.
SALUS_FN Fe fe_reduce(FeSum s) {
  const L p1 = lane_splat(1UL << 44);
  const L p3 = lane_splat(kPrime[3]);
  const L p4 = lane_splat(kPrime[4]);
  SALUS_UNROLL
  for (int i = 0; i < 5; ++i) {
    const L q = s.v[i] & kLimbMask;
    s.v[i + 1] += lane_shift_signed(s.v[i], 52);  // s.v[i] - q: q p begins with q 2^96 - q
    s.v[i + 1] = lane_fma_low(s.v[i + 1], q, p1);
    s.v[i + 2] = lane_fma_high(s.v[i + 2], q, p1);
    s.v[i + 3] = lane_fma_low(s.v[i + 3], q, p3);
    s.v[i + 4] = lane_fma_high(s.v[i + 4], q, p3);
    s.v[i + 4] = lane_fma_low(s.v[i + 4], q, p4);
    s.v[i + 5] = lane_fma_high(s.v[i + 5], q, p4);
  }
  Fe r;
  SALUS_UNROLL
  for (int i = 0; i < 5; ++i) r.v[i] = s.v[5 + i];
  return fe_fold(r);
}
