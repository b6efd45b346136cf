// ECDSA over P-256: r = x([u1]G + [u2]Q) modulo n with u1 = e/s and u2 = r/s. The rule is
// docs/signatures.md; form has been checked.
#pragma once

#include "kernels/gpu/groupp256.h"
#include "kernels/gpu/scalarp256.h"
#include "kernels/gpu/signature_batch.h"

#define KEY_ROW_WORDS (SALUS_KEY_SCRATCH_WORDS / SALUS_KEY_ROWS)

/// Bits of the word that says which scalars were replaced by n less them.
#define U1_IS_NEGATED 1u
#define U2_IS_NEGATED 2u

/// Scalars of items `first`, `first` + `step`, and so on below `count`, which share one inversion
/// (Montgomery's trick): e, the first scalar, becomes u1 and the second one u2, both odd.
/// `products` has room for one scalar an item, `signs` for a word.
SALUS_FN void make_scalars(u32 first, u32 step, u32 count, SALUS_GLOBAL const u32* signatures,
                           SALUS_GLOBAL u32* scalars, SALUS_GLOBAL u32* products,
                           SALUS_GLOBAL u32* signs) {
  // product = s_0 s_1 ... / 2^(256 j) times 1 for j factors, all products being Montgomery's; so
  // inverse * (product before s_i) = 2^256 / s_i whatever j is.
  Scalar product;
  SALUS_UNROLL
  for (int i = 0; i < 8; ++i) product.v[i] = i == 0;
  product = scalar_mul(product, u256_constant(kScalarRSquared));  // 2^256: 1 in Montgomery form
  u32 end = first;
  SALUS_KEEP_LOOP
  for (; end < count; end += step) {
    u256_store(product, products + (u64)8 * end);
    product = scalar_mul(product, load_big_endian(signatures + (u64)16 * end + 8));
  }
  Scalar inverse = scalar_invert(product);
  SALUS_KEEP_LOOP
  for (u32 i = end; i != first;) {
    i -= step;
    const Scalar s = load_big_endian(signatures + (u64)16 * i + 8);
    const Scalar s_inverse = scalar_mul(inverse, u256_load(products + (u64)8 * i));
    inverse = scalar_mul(inverse, s);
    SALUS_GLOBAL u32* const own = scalars + (u64)SALUS_SCALAR_WORDS * i;
    bool is_u1_negated;
    bool is_u2_negated;
    const Scalar u1 = scalar_make_odd(scalar_mul(u256_load(own), s_inverse), &is_u1_negated);
    const Scalar r = load_big_endian(signatures + (u64)16 * i);
    const Scalar u2 = scalar_make_odd(scalar_mul(r, s_inverse), &is_u2_negated);
    u256_store(u1, own);
    u256_store(u2, own + 8);
    signs[i] = (is_u1_negated ? U1_IS_NEGATED : 0u) | (is_u2_negated ? U2_IS_NEGATED : 0u);
  }
}

SALUS_FN Affine load_key(SALUS_GLOBAL const u32* key) {
  Affine p;
  p.x = fe_to_montgomery(load_big_endian(key));
  p.y = fe_to_montgomery(load_big_endian(key + 8));
  return p;
}

/// Rows of 1, 3, 5, ... times p. No sum is exceptional: the factors are below n, and p is on the
/// curve. All sums take place on the curve on which 2 p is affine (kernels/rows_p256.h).
SALUS_FN void make_odd_rows(Affine p, SALUS_GLOBAL u32* table) {
  const Point twice = jacobian_double(point_from_affine(p));
  const Fe zz = fe_square(twice.z);
  Affine step;
  step.x = twice.x;
  step.y = twice.y;
  Point multiple;
  multiple.x = fe_mul(p.x, zz);
  multiple.y = fe_mul(p.y, fe_mul(zz, twice.z));
  multiple.z = fe_one();
  SALUS_KEEP_LOOP
  for (int row = 0; row < SALUS_KEY_ROWS; ++row) {
    if (row != 0) multiple = jacobian_add_affine(multiple, step);
    Point out = multiple;
    out.z = fe_mul(multiple.z, twice.z);
    store_jacobian_row(out, table + KEY_ROW_WORDS * row);
  }
}

/// [u1]G + [u2]Q for the rows of Q. Straus: both scalars share their doublings.
SALUS_FN Point combine(SALUS_GLOBAL const u32* scalars, u32 signs, SALUS_GLOBAL const u32* key_rows,
                       SALUS_GLOBAL const u32* base_rows) {
  const bool is_u1_negated = (signs & U1_IS_NEGATED) != 0;
  const bool is_u2_negated = (signs & U2_IS_NEGATED) != 0;
  const u32 top = window_count(SALUS_KEY_WINDOW) - 1;
  Digit digit = window_digit(scalars + 8, top, SALUS_KEY_WINDOW);
  Point sum = load_jacobian(key_rows + KEY_ROW_WORDS * digit.row, is_u2_negated);
  SALUS_KEEP_LOOP
  for (u32 i = top; i-- > 0;) {
    SALUS_KEEP_LOOP
    for (int doubling = 0; doubling < SALUS_KEY_WINDOW; ++doubling) sum = jacobian_double(sum);
    digit = window_digit(scalars + 8, i, SALUS_KEY_WINDOW);
    sum = jacobian_add_row(sum, key_rows + KEY_ROW_WORDS * digit.row,
                           digit.is_negative != is_u2_negated);
    if (i % 2 != 0) continue;
    digit = window_digit(scalars, i / 2, SALUS_BASE_WINDOW);
    sum = jacobian_add_affine(
        sum, load_affine(base_rows + AFFINE_ROW * digit.row, digit.is_negative != is_u1_negated));
  }
  return sum;
}

/// Whether X = r scale, or (r + n) scale where r + n is below p: x = X/scale is r modulo n.
SALUS_FN bool has_x(Fe x, Fe scale, SALUS_GLOBAL const u32* signature) {
  const U256 r = load_big_endian(signature);
  if (u256_equal(fe_mul(fe_to_montgomery(r), scale), x)) return true;
  U256 rest;
  if (u256_subtract(&rest, r, u256_constant(kPrimeLessOrder)) == 0) return false;
  U256 more;
  u256_add(&more, r, u256_constant(kOrderP256));
  return u256_equal(fe_mul(fe_to_montgomery(more), scale), x);
}

/// [u1]G + [u2]Q by comb tables (kernels/comb_p256.h, but in Montgomery form with R = 2^256), Q's
/// with windows of `bits` bits. All windows of both are one sequence, and so one addition in the
/// code; the first one's point is the sum that it begins with.
SALUS_FN Point combine_combs(SALUS_GLOBAL const u32* scalars, u32 signs,
                             SALUS_GLOBAL const u32* key_rows, u32 bits,
                             SALUS_GLOBAL const u32* base_rows) {
  const u32 key_windows = window_count(bits);
  const u32 windows = key_windows + window_count(SALUS_BASE_WINDOW);
  Digit digit = window_digit(scalars + 8, 0, bits);
  Point sum = point_from_affine(load_affine(key_rows + AFFINE_ROW * digit.row,
                                            digit.is_negative != ((signs & U2_IS_NEGATED) != 0)));
  SALUS_KEEP_LOOP
  for (u32 i = 1; i < windows; ++i) {
    const bool is_key = i < key_windows;
    const u32 window = is_key ? i : i - key_windows;
    const u32 window_bits = is_key ? bits : SALUS_BASE_WINDOW;
    const bool is_negated = (signs & (is_key ? U2_IS_NEGATED : U1_IS_NEGATED)) != 0;
    digit = window_digit(is_key ? scalars + 8 : scalars, window, window_bits);
    const u32 row = (window << (window_bits - 1)) + digit.row;
    sum = jacobian_add_affine(sum, load_affine((is_key ? key_rows : base_rows) + AFFINE_ROW * row,
                                               digit.is_negative != is_negated));
  }
  return sum;
}

/// What a sum says about an item. Open where an addition met an exception, which leaves Z = 0.
SALUS_FN u8 reason_of_sum(Point sum, SALUS_GLOBAL const u32* signature) {
  if (u256_is_zero(sum.z)) return SALUS_REASON_OPEN;
  return has_x(sum.x, fe_square(sum.z), signature) ? SALUS_REASON_VALID : SALUS_REASON_MISMATCH;
}

/// An item with any key; `table` is the work-item's own.
SALUS_FN void verify_item(u32 i, SALUS_GLOBAL const u32* keys, SALUS_GLOBAL const u32* signatures,
                          SALUS_GLOBAL const u32* scalars, SALUS_GLOBAL const u32* signs,
                          SALUS_GLOBAL const u32* base, SALUS_GLOBAL u32* table,
                          SALUS_GLOBAL u8* reasons) {
  const Affine key = load_key(keys + (u64)16 * i);
  reasons[i] = SALUS_REASON_NOT_ON_CURVE;
  if (!is_on_curve(key)) return;
  make_odd_rows(key, table);
  const Point sum = combine(scalars + (u64)SALUS_SCALAR_WORDS * i, signs[i], table, base);
  reasons[i] = reason_of_sum(sum, signatures + (u64)16 * i);
}

/// An item whose key, which is on the curve, has a comb table with windows of `bits` bits.
SALUS_FN void verify_registered_item(u32 i, SALUS_GLOBAL const SignatureSlot* slots,
                                     SALUS_GLOBAL const u32* signatures,
                                     SALUS_GLOBAL const u32* scalars, SALUS_GLOBAL const u32* signs,
                                     SALUS_GLOBAL const u32* base, SALUS_GLOBAL const u32* tables,
                                     u32 bits, SALUS_GLOBAL u8* reasons) {
  SALUS_GLOBAL const u32* const table = tables + (u64)(SALUS_TABLE_UNIT / 4) * slots[i].table;
  const Point sum =
      combine_combs(scalars + (u64)SALUS_SCALAR_WORDS * i, signs[i], table, bits, base);
  reasons[i] = reason_of_sum(sum, signatures + (u64)16 * i);
}

/// Decides an item that is still open, bit by bit with complete additions. That is slow, and nobody
/// meets it who has not tried to.
SALUS_FN void verify_open_item(u32 i, SALUS_GLOBAL const u32* keys,
                               SALUS_GLOBAL const u32* signatures, SALUS_GLOBAL const u32* scalars,
                               SALUS_GLOBAL const u32* signs, SALUS_GLOBAL u8* reasons) {
  if (reasons[i] != SALUS_REASON_OPEN) return;
  SALUS_GLOBAL const u32* const own = scalars + (u64)SALUS_SCALAR_WORDS * i;
  Affine key = load_key(keys + (u64)16 * i);
  key.y = fe_negate_if((signs[i] & U2_IS_NEGATED) != 0, key.y);
  Affine base;
  base.x = u256_constant(kBaseX);
  base.y = fe_negate_if((signs[i] & U1_IS_NEGATED) != 0, u256_constant(kBaseY));
  Point infinity;
  SALUS_UNROLL
  for (int word = 0; word < 8; ++word) infinity.x.v[word] = infinity.z.v[word] = 0;
  infinity.y = fe_one();
  Point sum = infinity;
  // Three additions a bit: the sum itself, the base point and the key.
  SALUS_KEEP_LOOP
  for (int turn = 3 * 256 - 1; turn >= 0; --turn) {
    const int bit = turn / 3;
    Point summand = sum;
    if (turn % 3 != 2) {
      const bool is_key = turn % 3 == 0;
      const u32 word = own[(is_key ? 8 : 0) + bit / 32];
      Affine point;
      point.x = u256_select(is_key, key.x, base.x);
      point.y = u256_select(is_key, key.y, base.y);
      if ((word >> bit % 32 & 1) == 0) continue;
      summand = point_from_affine(point);
    }
    sum = add_complete(sum, summand);
  }
  const bool is_valid = !u256_is_zero(sum.z) && has_x(sum.x, sum.z, signatures + (u64)16 * i);
  reasons[i] = is_valid ? SALUS_REASON_VALID : SALUS_REASON_MISMATCH;
}
