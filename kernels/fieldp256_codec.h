// The field of P-256 and words: Montgomery form, canonical values, comparison, the inverse.
#pragma once

#include "kernels/fieldp256.h"

/// The same field constant in every lane.
SALUS_FN Fe fe_splat(const u64 limbs[5]) {
  Fe r;
  SALUS_UNROLL
  for (int i = 0; i < 5; ++i) r.v[i] = lane_splat(limbs[i]);
  return r;
}

static constexpr u64 kFeZero[5] = {0, 0, 0, 0, 0};
/// 2^260 mod p, which stands for 1.
static constexpr u64 kFeOne[5] = {0x10, 0xf000000000000, 0xfffffffffffff, 0xffeffffffffff, 0xfffff};
/// 2^520 mod p.
static constexpr u64 kFeToMontgomery[5] = {0x300, 0xffffffff00000, 0xffffefffffffb, 0xfdfffffffffff,
                                           0x4ffffff};
/// 1, which stands for 2^-260.
static constexpr u64 kFeFromMontgomery[5] = {1, 0, 0, 0, 0};

SALUS_FN Fe fe_to_montgomery(Fe a) { return fe_mul(a, fe_splat(kFeToMontgomery)); }
SALUS_FN Fe fe_from_montgomery(Fe a) { return fe_mul(a, fe_splat(kFeFromMontgomery)); }

SALUS_FN Fe fe_select(L mask, Fe a, Fe b) {
  SALUS_UNROLL
  for (int i = 0; i < 5; ++i) a.v[i] = lane_select(mask, a.v[i], b.v[i]);
  return a;
}

/// a - modulus where that is not negative, else a.
SALUS_FN Fe fe_subtract_once(Fe a, const u64 modulus[5]) {
  Fe less = a;
  SALUS_UNROLL
  for (int i = 0; i < 5; ++i) less.v[i] -= lane_splat(modulus[i]);
  less = fe_carry(less);
  return fe_select(lane_shift_signed(less.v[4], 63), a, less);
}

/// a in [0, p).
SALUS_FN Fe fe_canonical(Fe a) { return fe_subtract_once(fe_fold(a), kPrime); }

/// All ones where a is below p as a number.
SALUS_FN L fe_is_below_prime(Fe a) {
  SALUS_UNROLL
  for (int i = 0; i < 5; ++i) a.v[i] -= lane_splat(kPrime[i]);
  return lane_shift_signed(fe_carry(a).v[4], 63);
}

/// All ones where a = 0 modulo p.
SALUS_FN L fe_is_zero(Fe a) {
  a = fe_canonical(a);
  return lane_equal(a.v[0] | a.v[1] | a.v[2] | a.v[3] | a.v[4], lane_splat(0));
}

/// All ones where a = b modulo p.
SALUS_FN L fe_is_equal(Fe a, Fe b) { return fe_is_zero(fe_subtract(a, b)); }

/// p - a for a canonical a.
SALUS_FN Fe fe_negate_canonical(Fe a) {
  SALUS_UNROLL
  for (int i = 0; i < 5; ++i) a.v[i] = lane_splat(kPrime[i]) - a.v[i];
  return fe_carry(a);
}

/// The 256 bits of a canonical value in four words, the least significant first.
SALUS_FN void fe_to_words(Fe a, L words[4]) {
  words[0] = a.v[0] | a.v[1] << 52;
  words[1] = a.v[1] >> 12 | a.v[2] << 40;
  words[2] = a.v[2] >> 24 | a.v[3] << 28;
  words[3] = a.v[3] >> 36 | a.v[4] << 16;
}

/// The number in four words, reduced or not.
SALUS_FN Fe fe_from_words(const L words[4]) {
  Fe r;
  r.v[0] = words[0] & kLimbMask;
  r.v[1] = (words[0] >> 52 | words[1] << 12) & kLimbMask;
  r.v[2] = (words[1] >> 40 | words[2] << 24) & kLimbMask;
  r.v[3] = (words[2] >> 28 | words[3] << 36) & kLimbMask;
  r.v[4] = words[3] >> 16;
  return r;
}

/// The number in 32 bytes, the most significant first.
SALUS_FN Fe fe_from_big_endian(const L bytes[4]) {
  const L words[4] = {lane_bswap(bytes[3]), lane_bswap(bytes[2]), lane_bswap(bytes[1]),
                      lane_bswap(bytes[0])};
  return fe_from_words(words);
}

/// a^(2^n). Kept out of line: the exponent below is made of long runs of squarings.
[[gnu::noinline]] static Fe fe_square_times(const Fe* a, int n) {
  Fe r = *a;
  for (int i = 0; i < n; ++i) r = fe_square(r);
  return r;
}

/// a^(2^n) b.
SALUS_FN Fe fe_square_times_mul(Fe a, int n, Fe b) { return fe_mul(fe_square_times(&a, n), b); }

/// a^(p - 2): the inverse, and 0 for 0. The exponent is, in groups of 32 bits,
/// ffffffff 00000001 00000000 00000000 00000000 ffffffff ffffffff fffffffd.
[[maybe_unused]] static Fe fe_invert(const Fe* a) {
  const Fe p2 = fe_square_times_mul(*a, 1, *a);  // pN = a^(2^N - 1)
  const Fe p4 = fe_square_times_mul(p2, 2, p2);
  const Fe p6 = fe_square_times_mul(p4, 2, p2);
  const Fe p8 = fe_square_times_mul(p4, 4, p4);
  const Fe p14 = fe_square_times_mul(p8, 6, p6);
  const Fe p16 = fe_square_times_mul(p8, 8, p8);
  const Fe p30 = fe_square_times_mul(p16, 14, p14);
  const Fe p32 = fe_square_times_mul(p16, 16, p16);
  Fe r = fe_square_times_mul(p32, 32, *a);
  r = fe_square_times_mul(r, 128, p32);
  r = fe_square_times_mul(r, 32, p32);
  r = fe_square_times_mul(r, 30, p30);
  return fe_square_times_mul(r, 2, *a);
}
