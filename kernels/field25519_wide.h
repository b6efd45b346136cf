// Products in GF(2^255 - 19) from 64-bit multiplications with 128-bit results. Included by
// field25519.h.
#pragma once

/// Carries 128-bit columns, each below 2^115, into limbs of at most kFeLimit.
SALUS_FN Fe fe_carry_columns(LL c[5]) {
  Fe r;
  SALUS_UNROLL
  for (int i = 1; i < 5; ++i) c[i] += c[i - 1] >> 51;
  r.v[0] = static_cast<L>(c[0] & kLimbMask);
  SALUS_UNROLL
  for (int i = 1; i < 5; ++i) r.v[i] = static_cast<L>(c[i] & kLimbMask);
  // The last carry is below 2^64 / 19, because factors are below 2^52.
  const L low = r.v[0] + static_cast<L>(c[4] >> 51) * 19;
  r.v[0] = low & kLimbMask;
  r.v[1] += low >> 51;
  return r;
}

/// a b, from limbs of at most kFeFactorLimit.
SALUS_FN Fe fe_mul(Fe a, Fe b) {
  L b19[5];
  SALUS_UNROLL
  for (int j = 1; j < 5; ++j) b19[j] = b.v[j] * 19;
  LL c[5];
  SALUS_UNROLL
  for (int k = 0; k < 5; ++k) {
    c[k] = lane_wide(a.v[0], b.v[k]);
    SALUS_UNROLL
    for (int i = 1; i < 5; ++i) c[k] += lane_wide(a.v[i], i <= k ? b.v[k - i] : b19[5 + k - i]);
  }
  return fe_carry_columns(c);
}

/// a^2, with mixed products taken once and doubled.
SALUS_FN Fe fe_square(Fe a) {
  const L a0 = a.v[0] * 2;
  const L a1 = a.v[1] * 2;
  const L a3 = a.v[3] * 19;
  const L a4 = a.v[4] * 19;
  LL c[5];
  c[0] = lane_wide(a.v[0], a.v[0]) + lane_wide(a1, a4) + lane_wide(a.v[2] * 2, a3);
  c[1] = lane_wide(a0, a.v[1]) + lane_wide(a.v[2] * 2, a4) + lane_wide(a.v[3], a3);
  c[2] = lane_wide(a0, a.v[2]) + lane_wide(a.v[1], a.v[1]) + lane_wide(a.v[3] * 2, a4);
  c[3] = lane_wide(a0, a.v[3]) + lane_wide(a1, a.v[2]) + lane_wide(a.v[4], a4);
  c[4] = lane_wide(a0, a.v[4]) + lane_wide(a1, a.v[3]) + lane_wide(a.v[2], a.v[2]);
  return fe_carry_columns(c);
}

// Carried at once: 128-bit columns cannot be added up cheaply.
SALUS_FN FeSum fe_mul_sum(Fe a, Fe b) { return fe_as_sum(fe_mul(a, b)); }
SALUS_FN FeSum fe_square_sum(Fe a) { return fe_as_sum(fe_square(a)); }
