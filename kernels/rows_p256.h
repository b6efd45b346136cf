// Digits of scalars, and the rows of tables that they name, for one item a lane.
//
// A scalar K is odd here, and so are its digits: -(2^w - 1), ..., -1, 1, ..., 2^w - 1 for windows
// of w bits. With no digit 0 every window adds a point, and tables hold odd multiples alone.
//
// For m bits in all windows, m >= 256, the windows of (K + 2^m - 1) / 2 = floor(K / 2) + 2^(m - 1)
// hold numbers d whose digits 2 d - (2^w - 1) add up to K.
//
// Included by a variant file inside its own namespace, after <cstring>.
#pragma once

#include "kernels/equation_p256.h"

/// A row is x and y in canonical words of Montgomery form: one cache line.
static constexpr int kRowWords = 8;

/// A digit of k: the row with 2 row + 1 times the point, and, all ones or 0, the sign.
typedef struct {
  L row, is_negative;
} Digit;

SALUS_FN int window_count(int bits) { return (256 + bits - 1) / bits; }
SALUS_FN int row_count(int bits) { return 1 << (bits - 1); }

SALUS_FN Digit window_digit(const OddScalar* scalar, int index, int bits) {
  const int at = index * bits + 1;
  if (at >= 256) return {lane_splat(0), scalar->is_negated};
  const int word = at / 64;
  const int shift = at % 64;
  L value = scalar->words[word] >> shift;
  if (shift + bits > 64 && word < 3) value |= scalar->words[word + 1] << (64 - shift);
  if (index + 1 == window_count(bits)) return {value, scalar->is_negated};
  value = value & ((1UL << bits) - 1);
  const L half = lane_splat(1UL << (bits - 1));
  const L is_below = lane_below(value, half);
  return {lane_select(is_below, half - 1 - value, value - half), is_below ^ scalar->is_negated};
}

/// Where each lane's row is.
SALUS_FN void find_rows(const u64* const tables[SALUS_LANES64], L row,
                        const u64* rows[SALUS_LANES64]) {
  u64 index[SALUS_LANES64];
  std::memcpy(index, &row, sizeof index);
  for (int lane = 0; lane < SALUS_LANES64; ++lane)
    rows[lane] = tables[lane] + index[lane] * u64{kRowWords};
}

/// The rows' points, negated where the mask says.
SALUS_FN Affine load_points(const u64* const rows[SALUS_LANES64], L is_negative) {
  L words[kRowWords];
  load_rows(rows, words);
  const Affine p = {fe_from_words(words), fe_from_words(words + 4)};
  return {p.x, fe_select(is_negative, fe_negate_canonical(p.y), p.y)};
}

SALUS_FN void store_points(Affine p, u64* const rows[SALUS_LANES64]) {
  L words[kRowWords];
  fe_to_words(fe_canonical(p.x), words);
  fe_to_words(fe_canonical(p.y), words + 4);
  store_rows(words, rows);
}

/// Makes p, 3 p, 5 p and so on. No sum is exceptional while the factors are below n and p is not
/// infinity.
typedef struct {
  // All sums take place on the curve that (x, y) -> (x Z^2, y Z^3) makes of this one for the Z of
  // 2 p, because there 2 p is affine; addition does not know the curve's coefficients.
  Jacobian last;
  Affine step;
  Fe step_z;
  bool is_begun;
} OddMultiples;

SALUS_FN OddMultiples odd_multiples(Jacobian p) {
  const Jacobian twice = point_double(p);
  const Fe zz = fe_square(twice.z);
  OddMultiples r;
  r.last = {fe_mul(p.x, zz), fe_mul(p.y, fe_mul(zz, twice.z)), p.z};
  r.step = {twice.x, twice.y};
  r.step_z = twice.z;
  r.is_begun = false;
  return r;
}

/// The next `count` multiples.
static void take_odd_multiples(OddMultiples* from, int count, Jacobian multiples[]) {
  for (int i = 0; i < count; ++i) {
    if (from->is_begun) from->last = point_add_affine(from->last, from->step);
    from->is_begun = true;
    multiples[i] = {from->last.x, from->last.y, fe_mul(from->last.z, from->step_z)};
  }
}

/// Makes x and y of each point affine, with one inversion for all. `products` has room for `count`.
static void make_affine(Jacobian points[], int count, Fe products[]) {
  products[0] = points[0].z;
  for (int i = 1; i < count; ++i) products[i] = fe_mul(products[i - 1], points[i].z);
  Fe inverse = fe_invert(&products[count - 1]);
  for (int i = count; i-- > 0;) {
    const Fe z_inverse = i == 0 ? inverse : fe_mul(inverse, products[i - 1]);
    inverse = fe_mul(inverse, points[i].z);
    const Fe zz_inverse = fe_square(z_inverse);
    points[i].x = fe_mul(points[i].x, zz_inverse);
    points[i].y = fe_mul(points[i].y, fe_mul(zz_inverse, z_inverse));
  }
}
