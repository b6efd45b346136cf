// GF(2^255 - 19) and bytes: canonical values, comparison, powers.
#pragma once

#include "kernels/field25519.h"

/// a in [0, p) with every limb below 2^51.
SALUS_FN Fe fe_canonical(Fe a) {
  // Limbs of at most kFeLimit make a value below 2 p. Adding 19 carries out of the top exactly when
  // the value is p or more; then those 19 stay and the carry, 2^255, is dropped.
  L carry = lane_splat(19);
  SALUS_UNROLL
  for (int i = 0; i < 5; ++i) carry = (a.v[i] + carry) >> 51;
  carry = carry * 19;
  SALUS_UNROLL
  for (int i = 0; i < 5; ++i) {
    const L sum = a.v[i] + carry;
    a.v[i] = sum & kLimbMask;
    carry = sum >> 51;
  }
  return a;
}

/// The 255 bits of a canonical value in four words, the least significant first.
SALUS_FN void fe_to_words(Fe a, L words[4]) {
  words[0] = a.v[0] | a.v[1] << 51;
  words[1] = a.v[1] >> 13 | a.v[2] << 38;
  words[2] = a.v[2] >> 26 | a.v[3] << 25;
  words[3] = a.v[3] >> 39 | a.v[4] << 12;
}

/// The low 255 bits of four words, reduced or not. Limbs are below 2^51.
SALUS_FN Fe fe_from_words(const L words[4]) {
  Fe r;
  r.v[0] = words[0] & kLimbMask;
  r.v[1] = (words[0] >> 51 | words[1] << 13) & kLimbMask;
  r.v[2] = (words[1] >> 38 | words[2] << 26) & kLimbMask;
  r.v[3] = (words[2] >> 25 | words[3] << 39) & kLimbMask;
  r.v[4] = words[3] >> 12 & kLimbMask;
  return r;
}

/// All ones where a = 0 modulo p.
SALUS_FN L fe_is_zero(Fe a) {
  a = fe_canonical(a);
  return lane_equal(a.v[0] | a.v[1] | a.v[2] | a.v[3] | a.v[4], lane_splat(0));
}

/// a^(2^n). Kept out of line: the exponents below are made of long runs of squarings.
[[gnu::noinline]] static Fe fe_square_times(const Fe* a, int n) {
  Fe r = *a;
  for (int i = 0; i < n; ++i) r = fe_square(r);
  return r;
}

/// a^(2^250 - 1) and, on the way, a^11: the common part of the two exponents below.
static void fe_power_250(const Fe* a, Fe* power, Fe* a11) {
  const Fe a2 = fe_square(*a);
  const Fe a9 = fe_mul(fe_square_times(&a2, 2), *a);
  *a11 = fe_mul(a9, a2);
  const Fe p5 = fe_mul(fe_square(*a11), a9);  // pN = a^(2^N - 1)
  const Fe p10 = fe_mul(fe_square_times(&p5, 5), p5);
  const Fe p20 = fe_mul(fe_square_times(&p10, 10), p10);
  const Fe p40 = fe_mul(fe_square_times(&p20, 20), p20);
  const Fe p50 = fe_mul(fe_square_times(&p40, 10), p10);
  const Fe p100 = fe_mul(fe_square_times(&p50, 50), p50);
  const Fe p200 = fe_mul(fe_square_times(&p100, 100), p100);
  *power = fe_mul(fe_square_times(&p200, 50), p50);
}

/// a^(p - 2) = a^(2^255 - 21): the inverse, and 0 for 0.
[[maybe_unused]] static Fe fe_invert(const Fe* a) {
  Fe power;
  Fe a11;
  fe_power_250(a, &power, &a11);
  return fe_mul(fe_square_times(&power, 5), a11);
}

/// a^((p - 5) / 8) = a^(2^252 - 3), for square roots.
[[maybe_unused]] static Fe fe_power_p58(const Fe* a) {
  Fe power;
  Fe a11;
  fe_power_250(a, &power, &a11);
  return fe_mul(fe_square_times(&power, 2), *a);
}
