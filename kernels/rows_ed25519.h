// Digits of scalars, and the rows of tables that they name, for one item a lane.
//
// Included by a variant file inside its own namespace, after <cstring>.
#pragma once

#include "kernels/edwards25519.h"
#include "kernels/scalar25519.h"

/// A digit of a scalar with offset windows (scalar25519.h): magnitude and, all ones or 0, sign.
typedef struct {
  L magnitude, is_negative;
} Digit;

SALUS_FN Digit window_digit(const L scalar[4], int index, int bits, bool is_top) {
  const int at = index * bits;
  const int word = at / 64;
  const int shift = at % 64;
  L value = scalar[word] >> shift;
  if (shift + bits > 64 && word < 3) value |= scalar[word + 1] << (64 - shift);
  value &= (1UL << bits) - 1;
  if (is_top) return {value, lane_splat(0)};
  const L half = lane_splat(1UL << (bits - 1));
  const L is_negative = lane_below(value, half);
  return {lane_select(is_negative, half - value, value - half), is_negative};
}

/// Where each lane's row of a table is.
SALUS_FN void find_rows(const u64* const tables[SALUS_LANES64], int row_words, L magnitude,
                        const u64* rows[SALUS_LANES64]) {
  u64 index[SALUS_LANES64];
  std::memcpy(index, &magnitude, sizeof index);
  for (int lane = 0; lane < SALUS_LANES64; ++lane)
    rows[lane] = tables[lane] + index[lane] * static_cast<u64>(row_words);
}

/// Words 8 part to 8 part + 7 of each row.
SALUS_FN void load_part(const u64* const rows[SALUS_LANES64], int part, L out[8]) {
  const u64* at[SALUS_LANES64];
  for (int lane = 0; lane < SALUS_LANES64; ++lane) at[lane] = rows[lane] + 8 * part;
  load_rows(at, out);
}

SALUS_FN void split_words(const L* words, Fe* const parts[], int count) {
  SALUS_UNROLL
  for (int i = 0; i < count; ++i) {
    SALUS_UNROLL
    for (int limb = 0; limb < 5; ++limb) parts[i]->v[limb] = words[5 * i + limb];
  }
}

/// Negates what the mask says: -(x, y) = (-x, y) swaps y + x and y - x.
SALUS_FN void negate_where(L mask, Fe* y_plus_x, Fe* y_minus_x, Fe* t2d) {
  const Fe plus = *y_plus_x;
  *y_plus_x = fe_select(mask, *y_minus_x, plus);
  *y_minus_x = fe_select(mask, plus, *y_minus_x);
  *t2d = fe_select(mask, fe_negate_loose(*t2d), *t2d);
}
