// Ed25519's equation, encode([S]B - [k]A) = R, one item a work-item: by doublings for any key, by
// comb tables for registered ones. The rule is docs/signatures.md; form has been checked.
#pragma once

#include "kernels/gpu/edwards25519.h"
#include "kernels/gpu/scalar25519.h"
#include "kernels/gpu/signature_batch.h"

#define KEY_DIGITS 51
/// Bits of a scalar with its half windows: below 2^254.
#define SCALAR_BITS 254

/// Leaves the sum for the last kernel, which inverts many Z at once.
SALUS_FN void store_sum(Completed c, SALUS_GLOBAL u32* sum) {
  u256_store(fe_mul(c.e, c.f), sum);
  u256_store(fe_mul(c.g, c.h), sum + 8);
  u256_store(fe_mul(c.f, c.g), sum + 16);
}

/// Rows 0 to SALUS_KEY_ROWS - 1 of `table` become 1 to SALUS_KEY_ROWS times (x, y).
SALUS_FN void make_key_rows(Fe x, Fe y, SALUS_GLOBAL u32* table) {
  Point multiple;
  multiple.x = x;
  multiple.y = y;
  multiple.z = fe_small(1);
  multiple.t = fe_mul(x, y);
  store_row(multiple, table);
  SALUS_KEEP_LOOP
  for (int row = 1; row < SALUS_KEY_ROWS; ++row) {
    multiple = to_point(add_affine_row(multiple, table, false));
    store_row(multiple, table + SALUS_KEY_ROW_WORDS * row);
  }
}

/// [s]B + [k]A for the rows of A. Straus: both scalars share their doublings.
SALUS_FN Completed combine(SALUS_GLOBAL const u32* scalars, SALUS_GLOBAL const u32* key_rows,
                           SALUS_GLOBAL const u32* base_rows) {
  Completed sum = completed_neutral();
  SALUS_KEEP_LOOP
  for (int i = KEY_DIGITS - 1; i >= 0; --i) {
    const bool is_top = i == KEY_DIGITS - 1;
    const int doublings = is_top ? 0 : SALUS_KEY_WINDOW;
    SALUS_KEEP_LOOP
    for (int doubling = 0; doubling < doublings; ++doubling) sum = completed_double(sum);
    const u32 at = SALUS_KEY_WINDOW * (u32)i;
    const Digit k = window_digit(scalars, at, SALUS_KEY_WINDOW, is_top);
    if (k.magnitude != 0)
      sum =
          add_row(to_point(sum), key_rows + SALUS_KEY_ROW_WORDS * (k.magnitude - 1), k.is_negative);
    if (i % 2 != 0) continue;
    const Digit s = window_digit(scalars + 8, at, SALUS_BASE_WINDOW, is_top);
    if (s.magnitude != 0)
      sum =
          add_affine_row(to_point(sum), base_rows + AFFINE_ROW * (s.magnitude - 1), s.is_negative);
  }
  return sum;
}

/// An item with any key. `base` begins with 1 to 512 times B; `table` is the work-item's own.
SALUS_FN void sum_item(u32 i, SALUS_GLOBAL const u32* keys, SALUS_GLOBAL const u32* scalars,
                       SALUS_GLOBAL const u32* base, SALUS_GLOBAL u32* table,
                       SALUS_GLOBAL u32* sums, SALUS_GLOBAL u8* reasons) {
  Fe y = u256_load(keys + (u64)8 * i);
  const u32 parity = y.v[7] >> 31;
  y.v[7] &= 0x7fffffffu;
  // -A is wanted: the x with the other lowest bit. Without a point go on with the neutral element,
  // because off the curve a Z of 0 could spoil the inversion that items share.
  Fe x;
  const bool is_on_curve = decompress(y, parity ^ 1, &x);
  x = u256_select(is_on_curve, x, fe_small(0));
  y = u256_select(is_on_curve, y, fe_small(1));
  make_key_rows(x, y, table);
  store_sum(combine(scalars + (u64)SALUS_SCALAR_WORDS * i, table, base),
            sums + (u64)SALUS_SUM_WORDS * i);
  reasons[i] = is_on_curve ? SALUS_REASON_OPEN : SALUS_REASON_NOT_ON_CURVE;
}

/// sum + [scalar]P for the comb table of P with windows of `bits` bits (kernels/comb_ed25519.h).
SALUS_FN Completed add_comb(Completed sum, SALUS_GLOBAL const u32* rows, u32 bits,
                            SALUS_GLOBAL const u32* scalar) {
  const u32 windows = (SCALAR_BITS + bits - 1) / bits;
  SALUS_KEEP_LOOP
  for (u32 window = 0; window < windows; ++window) {
    const Digit digit = window_digit(scalar, window * bits, bits, window + 1 == windows);
    const u32 row = (window << (bits - 1)) + digit.magnitude - 1;
    if (digit.magnitude != 0)
      sum = add_affine_row(to_point(sum), rows + (u64)AFFINE_ROW * row, digit.is_negative);
  }
  return sum;
}

/// An item whose key has a comb table with windows of `bits` bits.
SALUS_FN void sum_registered_item(u32 i, SALUS_GLOBAL const SignatureSlot* slots,
                                  SALUS_GLOBAL const u32* scalars, SALUS_GLOBAL const u32* base,
                                  SALUS_GLOBAL const u32* tables, u32 bits, SALUS_GLOBAL u32* sums,
                                  SALUS_GLOBAL u8* reasons) {
  SALUS_GLOBAL const u32* const scalar = scalars + (u64)SALUS_SCALAR_WORDS * i;
  SALUS_GLOBAL const u32* const table = tables + (u64)(SALUS_TABLE_UNIT / 4) * slots[i].table;
  Completed sum = completed_neutral();
  sum = add_comb(sum, table, bits, scalar);
  sum = add_comb(sum, base, SALUS_BASE_WINDOW, scalar + 8);
  store_sum(sum, sums + (u64)SALUS_SUM_WORDS * i);
  reasons[i] = SALUS_REASON_OPEN;
}

/// Whether encode(sum) are the bytes R, given 1/Z.
SALUS_FN bool is_encoded_by(SALUS_GLOBAL const u32* sum, Fe z_inverse, SALUS_GLOBAL const u32* r) {
  const Fe x = fe_canonical(fe_mul(u256_load(sum), z_inverse));
  Fe y = fe_canonical(fe_mul(u256_load(sum + 8), z_inverse));
  y.v[7] |= x.v[0] << 31;
  return u256_equal(y, u256_load(r));
}

/// Decides items `first`, `first` + `step`, and so on below `count`, which share one inversion
/// (Montgomery's trick). `products` has room for one element an item.
SALUS_FN void finish_items(u32 first, u32 step, u32 count, SALUS_GLOBAL const u32* signatures,
                           SALUS_GLOBAL const u32* sums, SALUS_GLOBAL u32* products,
                           SALUS_GLOBAL u8* reasons) {
  Fe product = fe_small(1);
  u32 end = first;
  SALUS_KEEP_LOOP
  for (; end < count; end += step) {
    u256_store(product, products + (u64)8 * end);
    product = fe_mul(product, u256_load(sums + (u64)SALUS_SUM_WORDS * end + 16));
  }
  Fe inverse = fe_invert(product);
  SALUS_KEEP_LOOP
  for (u32 i = end; i != first;) {
    i -= step;
    SALUS_GLOBAL const u32* const sum = sums + (u64)SALUS_SUM_WORDS * i;
    const Fe z_inverse = fe_mul(inverse, u256_load(products + (u64)8 * i));
    inverse = fe_mul(inverse, u256_load(sum + 16));
    const bool is_equal = is_encoded_by(sum, z_inverse, signatures + (u64)16 * i);
    if (reasons[i] == SALUS_REASON_OPEN)
      reasons[i] = is_equal ? SALUS_REASON_VALID : SALUS_REASON_MISMATCH;
  }
}
