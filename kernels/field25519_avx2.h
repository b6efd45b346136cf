// Products in GF(2^255 - 19) from 32-bit multiplications with 64-bit results, four lanes in an AVX2
// register. Included by field25519.h.
//
// Each limb of 51 or 52 bits is split into a low part of 26 bits and a high one. Products of two
// low parts, and of two high ones, have the weight of a limb (the latter twice the next limb's);
// those of a low and a high part lie 26 bits above it.
#pragma once

/// The parts of a factor, all of them below 2^26, and their multiples that products take: below
/// 2^32.
typedef struct {
  L low[5], low19[5];
  L high[5], high2[5], high19[5], high38[5];
} FeParts;

SALUS_FN FeParts fe_split(Fe a) {
  FeParts p;
  SALUS_UNROLL
  for (int i = 0; i < 5; ++i) {
    p.low[i] = a.v[i] & ((1UL << 26) - 1);
    p.high[i] = a.v[i] >> 26;
    p.low19[i] = lane_mul32(p.low[i], lane_splat(19));
    p.high19[i] = lane_mul32(p.high[i], lane_splat(19));
    p.high2[i] = p.high[i] + p.high[i];
    p.high38[i] = p.high19[i] + p.high19[i];
  }
  return p;
}

/// The sum of even[k] 2^(51 k) and odd[k] 2^(51 k + 26), which are below 267 2^52 and 190 2^52.
SALUS_FN FeSum fe_join(const L even[5], const L odd[5]) {
  FeSum r;
  const L top = odd[4] >> 25;
  r.v[0] = even[0] + (top << 4) + (top << 1) + top;  // 19 times
  SALUS_UNROLL
  for (int k = 1; k < 5; ++k) r.v[k] = even[k] + (odd[k - 1] >> 25);
  SALUS_UNROLL
  for (int k = 0; k < 5; ++k) r.v[k] += (odd[k] & ((1UL << 25) - 1)) << 26;
  return r;
}

// Products are functions of their own, not inlined: the compiler orders a hundred multiplications
// for 16 registers well only where nothing else is mixed with them. A doubling of a point takes 500
// cycles so, 770 where all of it is one function (Zen 5, GCC 12).

/// Column by column: the parts of a and two sums are all that registers have to hold.
[[gnu::noinline]] static FeSum fe_mul_columns(const Fe* x, const Fe* y) {
  const Fe a = *x;
  const FeParts q = fe_split(*y);
  L low[5];
  L high[5];
  SALUS_UNROLL
  for (int i = 0; i < 5; ++i) {
    low[i] = a.v[i] & ((1UL << 26) - 1);
    high[i] = a.v[i] >> 26;
  }
  L even[5] = {};
  L odd[5] = {};
  SALUS_UNROLL
  for (int k = 0; k < 5; ++k) {
    SALUS_UNROLL
    for (int i = 0; i < 5; ++i) {
      const int j = (k + 5 - i) % 5;
      const int next = (k + 4 - i) % 5;  // high parts count for the limb above
      even[k] += lane_mul32(low[i], i > k ? q.low19[j] : q.low[j]);
      even[k] += lane_mul32(high[i], i >= k ? q.high38[next] : q.high2[next]);
    }
    SALUS_UNROLL
    for (int i = 0; i < 5; ++i) {
      const int j = (k + 5 - i) % 5;
      odd[k] += lane_mul32(low[i], i > k ? q.high19[j] : q.high[j]);
      odd[k] += lane_mul32(high[i], i > k ? q.low19[j] : q.low[j]);
    }
  }
  return fe_join(even, odd);
}

[[gnu::noinline]] static FeSum fe_square_columns(const Fe* x) {
  const FeParts p = fe_split(*x);
  L low2[5];
  SALUS_UNROLL
  for (int i = 0; i < 5; ++i) low2[i] = p.low[i] + p.low[i];
  L even[5] = {};
  L odd[5] = {};
  SALUS_UNROLL
  for (int k = 0; k < 5; ++k) {
    SALUS_UNROLL
    for (int i = 0; i < 5; ++i) {
      const int j = (k + 5 - i) % 5;
      const int next = (k + 4 - i) % 5;
      odd[k] += lane_mul32(p.low[i], i > k ? p.high38[j] : p.high2[j]);
      if (i <= j) even[k] += lane_mul32(i < j ? low2[i] : p.low[i], i > k ? p.low19[j] : p.low[j]);
      if (i <= next)
        even[k] +=
            lane_mul32(i < next ? p.high2[i] : p.high[i], i >= k ? p.high38[next] : p.high2[next]);
    }
  }
  return fe_join(even, odd);
}

/// a b, from limbs of at most kFeFactorLimit each; 100 multiplications and 10 by 19.
SALUS_FN FeSum fe_mul_sum(Fe a, Fe b) { return fe_mul_columns(&a, &b); }
/// a^2; 55 multiplications and 10 by 19.
SALUS_FN FeSum fe_square_sum(Fe a) { return fe_square_columns(&a); }

SALUS_FN Fe fe_mul(Fe a, Fe b) { return fe_carry(fe_mul_sum(a, b)); }
SALUS_FN Fe fe_square(Fe a) { return fe_carry(fe_square_sum(a)); }
