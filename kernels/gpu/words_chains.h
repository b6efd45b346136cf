// Arithmetic of words.h by chains of instructions with carry.
//
// A product of two words is two words. Products whose low words have an even place are summed in
// one row of words and those with an odd place in another, so that a whole row is one chain of
// multiply-adds, which ptxas joins in pairs to IMAD.WIDE; the two rows are added at the end.
// (Emmart, Luitjens, Weems, Woolley, "Optimizing Modular Multiplication for NVIDIA's Maxwell GPUs",
// 2016.)
#pragma once

#include "kernels/gpu/carry.h"

/// *r = a + b; the result is the carry.
SALUS_FN u32 u256_add(U256* r, U256 a, U256 b) {
  r->v[0] = add_cc(a.v[0], b.v[0]);
  SALUS_UNROLL
  for (int i = 1; i < 8; ++i) r->v[i] = addc_cc(a.v[i], b.v[i]);
  return addc(0, 0);
}

/// *r += word; the result is the carry.
SALUS_FN u32 u256_add_word(U256* r, u32 word) {
  r->v[0] = add_cc(r->v[0], word);
  SALUS_UNROLL
  for (int i = 1; i < 8; ++i) r->v[i] = addc_cc(r->v[i], 0);
  return addc(0, 0);
}

/// *r = a - b; the result is all ones if that is negative, else 0.
SALUS_FN u32 u256_subtract(U256* r, U256 a, U256 b) {
  r->v[0] = sub_cc(a.v[0], b.v[0]);
  SALUS_UNROLL
  for (int i = 1; i < 8; ++i) r->v[i] = subc_cc(a.v[i], b.v[i]);
  return subc(0, 0);
}

/// *r -= word; the result is all ones if that is negative, else 0.
SALUS_FN u32 u256_subtract_word(U256* r, u32 word) {
  r->v[0] = sub_cc(r->v[0], word);
  SALUS_UNROLL
  for (int i = 1; i < 8; ++i) r->v[i] = subc_cc(r->v[i], 0);
  return subc(0, 0);
}

/// r[2 i], r[2 i + 1] = the product of a[2 i] and b, for `pairs` values of i.
SALUS_FN void chain_products(u32* r, const u32* a, u32 b, int pairs) {
  SALUS_UNROLL
  for (int i = 0; i < pairs; ++i) {
    const u64 product = (u64)a[2 * i] * b;
    r[2 * i] = (u32)product;
    r[2 * i + 1] = (u32)(product >> 32);
  }
}

/// Adds those products to r instead, at least one of them; leaves a carry.
SALUS_FN void chain_add_products(u32* r, const u32* a, u32 b, int pairs) {
  r[0] = mad_lo_cc(a[0], b, r[0]);
  r[1] = madc_hi_cc(a[0], b, r[1]);
  SALUS_UNROLL
  for (int i = 1; i < pairs; ++i) {
    r[2 * i] = madc_lo_cc(a[2 * i], b, r[2 * i]);
    r[2 * i + 1] = madc_hi_cc(a[2 * i], b, r[2 * i + 1]);
  }
}

/// The turn of one word b in a product: adds `longer` products to the row `longer_row`, whose last
/// two words are new, and `shorter` to the other row, whose carry belongs to the last of the new
/// words. A high word of a product takes two carries without overflowing.
SALUS_FN void chain_turn(u32* longer_row, const u32* longer_a, int longer, u32* other_row,
                         const u32* other_a, int other, u32 b) {
  const int last = 2 * (longer - 1);
  chain_add_products(longer_row, longer_a, b, longer - 1);
  longer_row[last] = madc_lo_cc(longer_a[last], b, 0);
  longer_row[last + 1] = madc_hi(longer_a[last], b, 0);
  chain_add_products(other_row, other_a, b, other);
  longer_row[last + 1] = addc(longer_row[last + 1], 0);
}

/// *r = low + high * factor; the result is what is left above 256 bits.
SALUS_FN u32 u256_multiply_add(U256* r, const u32* low, const u32* high, u32 factor) {
  u32 odd[8];
  chain_products(odd, high + 1, factor, 4);
  SALUS_UNROLL
  for (int i = 0; i < 8; ++i) r->v[i] = low[i];
  chain_add_products(r->v, high, factor, 4);
  u32 top = addc(odd[7], 0);
  r->v[1] = add_cc(r->v[1], odd[0]);
  SALUS_UNROLL
  for (int i = 2; i < 8; ++i) r->v[i] = addc_cc(r->v[i], odd[i - 1]);
  return addc(top, 0);
}

/// a b.
SALUS_FN U512 u256_multiply(U256 a, U256 b) {
  U512 r;
  u32* const even = r.v;
  u32 odd[14];
  chain_products(even, a.v, b.v[0], 4);
  chain_products(odd, a.v + 1, b.v[0], 4);
  SALUS_UNROLL
  for (int i = 1; i < 7; i += 2) {
    chain_turn(even + i + 1, a.v + 1, 4, odd + i - 1, a.v, 4, b.v[i]);
    chain_turn(odd + i + 1, a.v + 1, 4, even + i + 1, a.v, 4, b.v[i + 1]);
  }
  chain_turn(even + 8, a.v + 1, 4, odd + 6, a.v, 4, b.v[7]);
  even[1] = add_cc(even[1], odd[0]);
  SALUS_UNROLL
  for (int i = 1; i < 14; ++i) even[i + 1] = addc_cc(even[i + 1], odd[i]);
  even[15] = addc(even[15], 0);
  return r;
}

/// a^2: products of two different words once, doubled, and the squares.
SALUS_FN U512 u256_square(U256 a) {
  U512 r;
  u32* const even = r.v;
  u32 odd[14];
  chain_products(odd, a.v + 1, a.v[0], 4);
  chain_products(even + 2, a.v + 2, a.v[0], 3);
  chain_turn(even + 4, a.v + 3, 3, odd + 2, a.v + 2, 3, a.v[1]);
  chain_turn(odd + 4, a.v + 3, 3, even + 6, a.v + 4, 2, a.v[2]);
  chain_turn(even + 8, a.v + 5, 2, odd + 6, a.v + 4, 2, a.v[3]);
  chain_turn(odd + 8, a.v + 5, 2, even + 10, a.v + 6, 1, a.v[4]);
  chain_products(even + 12, a.v + 7, a.v[5], 1);
  chain_add_products(odd + 10, a.v + 6, a.v[5], 1);
  even[13] = addc(even[13], 0);
  chain_products(odd + 12, a.v + 7, a.v[6], 1);

  even[1] = odd[0];
  even[2] = add_cc(even[2], odd[1]);
  SALUS_UNROLL
  for (int i = 3; i < 14; ++i) even[i] = addc_cc(even[i], odd[i - 1]);
  even[14] = addc(odd[13], 0);

  even[1] = add_cc(even[1], even[1]);
  SALUS_UNROLL
  for (int i = 2; i < 15; ++i) even[i] = addc_cc(even[i], even[i]);
  even[15] = addc(0, 0);

  even[0] = mad_lo_cc(a.v[0], a.v[0], 0);
  even[1] = madc_hi_cc(a.v[0], a.v[0], even[1]);
  SALUS_UNROLL
  for (int i = 1; i < 7; ++i) {
    even[2 * i] = madc_lo_cc(a.v[i], a.v[i], even[2 * i]);
    even[2 * i + 1] = madc_hi_cc(a.v[i], a.v[i], even[2 * i + 1]);
  }
  even[14] = madc_lo_cc(a.v[7], a.v[7], even[14]);
  even[15] = madc_hi(a.v[7], a.v[7], even[15]);
  return r;
}
