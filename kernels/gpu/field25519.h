// The field of 2^255 - 19 on words of 32 bits, all bits used.
//
// An element is any number below 2^256 and stands for its residue: 2^256 = 38, so that what a sum
// or product has above 256 bits comes back 38 times. Every function takes and gives such numbers;
// fe_canonical gives the one below p.
#pragma once

#include "kernels/gpu/words.h"

typedef U256 Fe;

SALUS_FN Fe fe_small(u32 x) {
  Fe r;
  r.v[0] = x;
  SALUS_UNROLL
  for (int i = 1; i < 8; ++i) r.v[i] = 0;
  return r;
}

/// r + 38 * above, for above < 2^26.
SALUS_FN Fe fe_fold_word(Fe r, u32 above) {
  const u32 carry = u256_add_word(&r, 38 * above);
  r.v[0] += 38 * carry;  // what a carry leaves is below 38 * above: no second one
  return r;
}

SALUS_FN Fe fe_fold(U512 product) {
  Fe r;
  const u32 above = u256_multiply_add(&r, product.v, product.v + 8, 38);  // at most 38
  return fe_fold_word(r, above);
}

SALUS_CALL Fe fe_mul(Fe a, Fe b) { return fe_fold(u256_multiply(a, b)); }

SALUS_CALL Fe fe_square(Fe a) { return fe_fold(u256_square(a)); }

SALUS_CALL Fe fe_add(Fe a, Fe b) {
  Fe r;
  const u32 carry = u256_add(&r, a, b);
  return fe_fold_word(r, carry);
}

SALUS_CALL Fe fe_subtract(Fe a, Fe b) {
  Fe r;
  const u32 borrow = u256_subtract(&r, a, b);
  const u32 second = u256_subtract_word(&r, borrow & 38);
  r.v[0] -= second & 38;  // a second borrow leaves 2^256 - 38 or more
  return r;
}

SALUS_FN Fe fe_negate(Fe a) { return fe_subtract(fe_small(0), a); }

/// The representative below p.
SALUS_CALL Fe fe_canonical(Fe a) {
  const u32 top = a.v[7] >> 31;
  a.v[7] &= 0x7fffffffu;
  u256_add_word(&a, 19 * top);  // at most p + 37
  Fe plus_19 = a;
  u256_add_word(&plus_19, 19);
  const bool is_reduced = plus_19.v[7] >> 31 == 0;
  plus_19.v[7] &= 0x7fffffffu;
  return u256_select(is_reduced, a, plus_19);
}

SALUS_FN bool fe_is_zero(Fe a) { return u256_is_zero(fe_canonical(a)); }

/// a^(2^count).
SALUS_CALL Fe fe_square_times(Fe a, int count) {
  SALUS_KEEP_LOOP
  for (int i = 0; i < count; ++i) a = fe_square(a);
  return a;
}

/// a^(2^250 - 1), on the way to both powers below; *a11 = a^11.
///
/// With x_n for the exponent 2^n - 1: x_10, x_20, x_40, x_50, x_100, x_200, x_250 from x_5, each by
/// some squarings and a multiplication, by x_10 and x_50 where that is not the number itself. A
/// loop, because code that is fetched once costs more than its counter.
SALUS_FN Fe fe_power_250(Fe a, Fe* a11) {
  const u64 squarings = 0x3264320a140a05;  // a byte a step, the first one lowest
  const Fe a2 = fe_square(a);
  const Fe a9 = fe_mul(fe_square_times(a2, 2), a);
  *a11 = fe_mul(a9, a2);
  Fe x = fe_mul(fe_square(*a11), a9);
  Fe saved = x;
  SALUS_KEEP_LOOP
  for (int step = 0; step < 7; ++step) {
    const bool takes_saved = step == 3 || step == 6;
    const Fe factor = u256_select(takes_saved, saved, x);
    x = fe_mul(fe_square_times(x, (int)(squarings >> 8 * step & 0xff)), factor);
    saved = u256_select(step == 0 || step == 3, x, saved);
  }
  return x;
}

/// 1/a, or 0 for 0: a^(p - 2) with p - 2 = 2^255 - 21.
SALUS_FN Fe fe_invert(Fe a) {
  Fe a11;
  const Fe x250 = fe_power_250(a, &a11);
  return fe_mul(fe_square_times(x250, 5), a11);
}

/// a^((p - 5) / 8), whose exponent is 2^252 - 3.
SALUS_FN Fe fe_power_p58(Fe a) {
  Fe a11;
  const Fe x250 = fe_power_250(a, &a11);
  return fe_mul(fe_square_times(x250, 2), a);
}
