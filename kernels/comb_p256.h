// ECDSA's equation over P-256 for keys that come back: tables of multiples for every window of the
// scalar make doublings needless.
//
// A comb table for windows of w bits holds (2 j + 1) 2^(w i) P for each window i and j = 0 to
// 2^(w - 1) - 1, 64 bytes a row: 262,144 bytes for w = 8, 32,768 for w = 4. Tables of many keys lie
// far beyond the caches, so that rows are asked for some windows before they are read.
//
// Included by a variant file inside its own namespace, after p256_variant.h and <cstring>.
#pragma once

#include "kernels/finish_p256.h"
#include "kernels/rows_p256.h"
#include "kernels/verify_p256.h"

static constexpr int kCombRowsAtOnce = 128;  // share one inversion when a table is made
static constexpr int kCombAhead = 6;         // windows between asking for a row and reading it

/// Writes the next `count` odd multiples to each lane's table from row `first` on.
static void store_comb_rows(OddMultiples* odd, int count, u64* const tables[SALUS_LANES64],
                            int first) {
  Jacobian multiples[kCombRowsAtOnce];
  Fe products[kCombRowsAtOnce];
  take_odd_multiples(odd, count, multiples);
  make_affine(multiples, count, products);
  for (int i = 0; i < count; ++i) {
    u64* rows[SALUS_LANES64];
    for (int lane = 0; lane < SALUS_LANES64; ++lane)
      rows[lane] = tables[lane] + kRowWords * (first + i);
    store_points({multiples[i].x, multiples[i].y}, rows);
  }
}

/// Makes one table a lane, of the point p on the curve.
static void make_comb(const Affine* p, int bits, u64* const tables[SALUS_LANES64]) {
  const int count = row_count(bits);
  Jacobian first;  // of the window
  point_from_affine(*p, &first);
  for (int window = 0; window < window_count(bits); ++window) {
    OddMultiples odd = odd_multiples(first);
    for (int row = 0; row < count; row += kCombRowsAtOnce)
      store_comb_rows(&odd, count - row < kCombRowsAtOnce ? count - row : kCombRowsAtOnce, tables,
                      window * count + row);
    for (int doubling = 0; doubling < bits; ++doubling) first = point_double(first);
  }
}

/// P256Variant::make_combs.
[[maybe_unused]] static void make_combs(const std::uint8_t* const keys[], std::size_t count,
                                        int bits, std::uint64_t* const tables[],
                                        bool* is_on_curve) {
  for (std::size_t begin = 0; begin < count; begin += SALUS_LANES64) {
    const u8* lane_keys[SALUS_LANES64];
    u64* lane_tables[SALUS_LANES64];
    for (std::size_t lane = 0; lane < SALUS_LANES64; ++lane) {
      const std::size_t key = begin + lane < count ? begin + lane : begin;  // spare lanes repeat
      lane_keys[lane] = keys[key];
      lane_tables[lane] = tables[key];
    }
    L found;
    const Affine points = load_keys(lane_keys, &found);
    make_comb(&points, bits, lane_tables);
    u64 found_lanes[SALUS_LANES64];
    std::memcpy(found_lanes, &found, sizeof found_lanes);
    for (std::size_t lane = 0; lane < SALUS_LANES64 && begin + lane < count; ++lane)
      is_on_curve[begin + lane] = found_lanes[lane] != 0;
  }
}

/// The rows that one window's digits name.
typedef struct {
  const u64* rows[SALUS_LANES64];
  L is_negative;
} CombRows;

/// A scalar and the tables of the points that it multiplies.
typedef struct {
  const u64* tables[SALUS_LANES64];
  const OddScalar* scalar;
  int bits;
} CombFactor;

/// Finds rows and asks for them.
SALUS_FN CombRows find_comb_rows(const CombFactor* factor, int window) {
  const Digit digit = window_digit(factor->scalar, window, factor->bits);
  CombRows found;
  find_rows(factor->tables, digit.row + (static_cast<u64>(window) << (factor->bits - 1)),
            found.rows);
  for (int lane = 0; lane < SALUS_LANES64; ++lane) __builtin_prefetch(found.rows[lane]);
  found.is_negative = digit.is_negative;
  return found;
}

/// The sum of both factors' points times their scalars, in the coordinates of `Sum`. All windows of
/// both are one sequence.
template <typename Sum>
static Sum add_combs(const CombFactor* a, const CombFactor* b) {
  const int a_windows = window_count(a->bits);
  const int windows = a_windows + window_count(b->bits);
  CombRows ahead[kCombAhead];
  for (int i = 0; i < kCombAhead; ++i) ahead[i] = find_comb_rows(a, i);
  Sum sum;
  for (int i = 0; i < windows; ++i) {
    CombRows* const slot = &ahead[i % kCombAhead];
    const Affine points = load_points(slot->rows, slot->is_negative);
    const int next = i + kCombAhead;
    if (next < windows)
      *slot = next < a_windows ? find_comb_rows(a, next) : find_comb_rows(b, next - a_windows);
    if (i == 0)
      point_from_affine(points, &sum);
    else
      sum = point_add_affine(sum, points);
  }
  return sum;
}

/// [u1]G + [u2]Q for the Q of each lane's table.
template <typename Sum>
static Sum combine_registered(const P256Comb& base, int bits,
                              const u64* const tables[SALUS_LANES64], const OddScalars* u) {
  CombFactor of_key;
  CombFactor of_base;
  for (int lane = 0; lane < SALUS_LANES64; ++lane) {
    of_key.tables[lane] = tables[lane];
    of_base.tables[lane] = base.rows;
  }
  of_base.scalar = &u->u1;
  of_base.bits = base.bits;
  of_key.scalar = &u->u2;
  of_key.bits = bits;
  return add_combs<Sum>(&of_key, &of_base);
}

/// At most kItemsAtOnce items, at least one.
template <typename Sum>
static void decide_registered_some(const P256Comb& base, int bits, const P256RegisteredItem* items,
                                   std::size_t count, Reason* out, Undecided* undecided) {
  for (std::size_t begin = 0; begin < count; begin += SALUS_LANES64) {
    const std::size_t some = count - begin < SALUS_LANES64 ? count - begin : SALUS_LANES64;
    const P256Scalars* scalars[SALUS_LANES64];
    const u64* tables[SALUS_LANES64];
    for (std::size_t lane = 0; lane < SALUS_LANES64; ++lane) {
      const P256RegisteredItem& item = items[begin + (lane < some ? lane : 0)];
      scalars[lane] = &item.scalars;  // spare lanes repeat the first one
      tables[lane] = item.table;
    }
    const OddScalars u = load_odd_scalars(scalars);
    const Sum sum = combine_registered<Sum>(base, bits, tables, &u);
    const Outcome outcome = outcome_of_sum(lane_splat(~0UL), &sum, scalars);
    write_reasons(&outcome, begin, some, out, undecided);
  }
}

/// Decides by complete additions what the fast ones left undecided.
[[gnu::noinline]] static void decide_registered_again(const P256Comb& base, int bits,
                                                      const P256RegisteredItem* items,
                                                      const Undecided* undecided, Reason* out) {
  P256RegisteredItem again[kItemsAtOnce];
  Reason reasons[kItemsAtOnce];
  Undecided none = {};
  for (std::size_t i = 0; i < undecided->count; ++i) again[i] = items[undecided->indices[i]];
  decide_registered_some<Projective>(base, bits, again, undecided->count, reasons, &none);
  for (std::size_t i = 0; i < undecided->count; ++i) out[undecided->indices[i]] = reasons[i];
}

/// P256Variant::decide_registered.
[[maybe_unused]] static void decide_registered(const P256Comb& base, int bits,
                                               const P256RegisteredItem* items, std::size_t count,
                                               Reason* out) {
  for (std::size_t begin = 0; begin < count; begin += kItemsAtOnce) {
    const std::size_t some = count - begin < kItemsAtOnce ? count - begin : kItemsAtOnce;
    Undecided undecided = {};
    decide_registered_some<Jacobian>(base, bits, items + begin, some, out + begin, &undecided);
    if (undecided.count > 0)
      decide_registered_again(base, bits, items + begin, &undecided, out + begin);
  }
}
