// Products in GF(2^255 - 19) from 52-bit multiply-adds. Included by field25519.h.
//
// A product of limbs i and j has weight 2^(51 (i + j)). Its low 52 bits belong there; its high ones
// weigh 2^52 more, which is twice the next limb's weight. They are added up apart and doubled once.
#pragma once

/// low[k] + 2 high[k - 1], with the upper half times 19 on the lower. The sums in low are below
/// 5 * 2^52, and below 5 * 2^51 in high.
SALUS_FN FeSum fe_fold(const L low[9], const L high[9]) {
  FeSum r;
  SALUS_UNROLL
  for (int k = 0; k < 5; ++k) {
    L upper = high[k + 4] + high[k + 4];
    if (k < 4) upper += low[k + 5];
    r.v[k] = low[k] + upper * 19;
    if (k > 0) r.v[k] += high[k - 1] + high[k - 1];
  }
  return r;
}

/// a b, from limbs of at most kFeFactorLimit each; 50 multiply-adds.
SALUS_FN FeSum fe_mul_sum(Fe a, Fe b) {
  L low[9] = {};
  L high[9] = {};
  SALUS_UNROLL
  for (int i = 0; i < 5; ++i) {
    SALUS_UNROLL
    for (int j = 0; j < 5; ++j) {
      low[i + j] = lane_fma_low(low[i + j], a.v[i], b.v[j]);
      high[i + j] = lane_fma_high(high[i + j], a.v[i], b.v[j]);
    }
  }
  return fe_fold(low, high);
}

/// a^2; 30 multiply-adds. The sums of mixed products are doubled, not a factor, which might not fit
/// into 52 bits any more.
SALUS_FN FeSum fe_square_sum(Fe a) {
  L low[9] = {};
  L high[9] = {};
  SALUS_UNROLL
  for (int i = 0; i < 5; ++i) {
    SALUS_UNROLL
    for (int j = i + 1; j < 5; ++j) {
      low[i + j] = lane_fma_low(low[i + j], a.v[i], a.v[j]);
      high[i + j] = lane_fma_high(high[i + j], a.v[i], a.v[j]);
    }
  }
  SALUS_UNROLL
  for (int k = 1; k < 8; ++k) {
    low[k] += low[k];
    high[k] += high[k];
  }
  SALUS_UNROLL
  for (int i = 0; i < 5; ++i) {
    low[2 * i] = lane_fma_low(low[2 * i], a.v[i], a.v[i]);
    high[2 * i] = lane_fma_high(high[2 * i], a.v[i], a.v[i]);
  }
  return fe_fold(low, high);
}

SALUS_FN Fe fe_mul(Fe a, Fe b) { return fe_carry(fe_mul_sum(a, b)); }
SALUS_FN Fe fe_square(Fe a) { return fe_carry(fe_square_sum(a)); }
