// Ed25519's equation for keys that come back: tables of multiples for every window of the scalar
// make doublings and square roots needless.
//
// A comb table for windows of w bits holds j 2^(w i) P for each window i and j = 1 to 2^(w - 1), as
// (y + x, y - x, 2 d x y) in canonical words, 96 bytes a row: 393,216 bytes for w = 8, 49,152 for
// w = 4. Tables of many keys lie far beyond the caches, so that rows are asked for some windows
// before they are read.
//
// Included by a variant file inside its own namespace, after ed25519_variant.h and <cstring>.
#pragma once

#include "kernels/finish_ed25519.h"
#include "kernels/rows_ed25519.h"

static constexpr int kCombRowWords = 12;
static constexpr int kCombRowsAtOnce = 64;  // share one inversion when a table is made
static constexpr int kCombAhead = 6;        // windows between asking for a row and reading it

SALUS_FN int comb_windows(int bits) { return (254 + bits - 1) / bits; }
SALUS_FN int comb_rows(int bits) { return 1 << (bits - 1); }

/// (y + x, y - x, 2 d x y) of the neutral element: the row of digit 0, which no table holds.
alignas(64) static constexpr u64 kCombNeutral[kCombRowWords] = {1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0};

SALUS_FN void store_comb_row(const CachedAffine* c, u64* const rows[SALUS_LANES64]) {
  L words[kCombRowWords];
  fe_to_words(fe_canonical(c->y_plus_x), words);
  fe_to_words(fe_canonical(c->y_minus_x), words + 4);
  fe_to_words(fe_canonical(c->t2d), words + 8);
  u64* ends[SALUS_LANES64];
  for (int lane = 0; lane < SALUS_LANES64; ++lane) ends[lane] = rows[lane] + 4;
  store_rows(words, rows);
  store_rows(words + 4, ends);  // the middle again, with the last four words
}

/// Writes rows of `multiples` to each lane's table from row `first` on.
static void store_comb_rows(const Summand* multiples, int count, u64* const tables[SALUS_LANES64],
                            int first) {
  Fe products[kCombRowsAtOnce];
  products[0] = multiples[0].z;
  for (int i = 1; i < count; ++i) products[i] = fe_mul(products[i - 1], multiples[i].z);
  Fe inverse = fe_invert(&products[count - 1]);
  for (int i = count; i-- > 0;) {
    const Fe z_inverse = i == 0 ? inverse : fe_mul(inverse, products[i - 1]);
    inverse = fe_mul(inverse, multiples[i].z);
    const CachedAffine row = {fe_mul(multiples[i].y_plus_x, z_inverse),
                              fe_mul(multiples[i].y_minus_x, z_inverse),
                              fe_mul(fe_mul(multiples[i].t, z_inverse), fe_splat(kEdwards2D))};
    u64* rows[SALUS_LANES64];
    for (int lane = 0; lane < SALUS_LANES64; ++lane)
      rows[lane] = tables[lane] + std::size_t{kCombRowWords} * static_cast<std::size_t>(first + i);
    store_comb_row(&row, rows);
  }
}

/// 2 p of a summand: x and y are had from their sum and difference, twice as large as Z then.
SALUS_FN Summand summand_double(Summand p) {
  return to_summand(point_double(
      {fe_subtract(p.y_plus_x, p.y_minus_x), fe_add(p.y_plus_x, p.y_minus_x), fe_add(p.z, p.z)}));
}

/// Makes one table a lane, of the point (x, y) on the curve.
static void make_comb(const Fe* x, const Fe* y, int bits, u64* const tables[SALUS_LANES64]) {
  Summand multiples[kCombRowsAtOnce];
  int filled = 0;
  int stored = 0;
  Summand multiple = summand_from_affine(*x, *y);
  for (int window = 0; window < comb_windows(bits); ++window) {
    const Cached step = to_cached(multiple);
    Summand last = multiple;
    for (int row = 0; row < comb_rows(bits); ++row) {
      multiples[filled++] = last = multiple;
      multiple = to_summand(point_add(multiple, step));
      if (filled < kCombRowsAtOnce) continue;
      store_comb_rows(multiples, filled, tables, stored);
      stored += filled;
      filled = 0;
    }
    multiple = summand_double(last);  // twice 2^(w - 1) times
  }
  if (filled > 0) store_comb_rows(multiples, filled, tables, stored);
}

/// Ed25519Variant::make_combs.
[[maybe_unused]] static void make_combs(const std::uint8_t* const keys[], std::size_t count,
                                        int bits, std::uint64_t* const tables[],
                                        bool* is_on_curve) {
  for (std::size_t begin = 0; begin < count; begin += SALUS_LANES64) {
    alignas(64) u64 bytes[SALUS_LANES64][8] = {};
    const u64* rows[SALUS_LANES64];
    u64* lane_tables[SALUS_LANES64];
    for (std::size_t lane = 0; lane < SALUS_LANES64; ++lane) {
      const std::size_t key = begin + lane < count ? begin + lane : begin;  // spare lanes repeat
      std::memcpy(bytes[lane], keys[key], 32);
      rows[lane] = bytes[lane];
      lane_tables[lane] = tables[key];
    }
    L words[8];
    load_rows(rows, words);
    Fe y = fe_from_words(words);
    Fe x;
    const L found = decompress(&y, (words[3] >> 63) ^ 1, &x);
    x = fe_select(found, x, fe_splat(kFeZero));
    y = fe_select(found, y, fe_splat(kFeOne));
    make_comb(&x, &y, bits, lane_tables);
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

/// Finds rows and asks for them.
SALUS_FN CombRows find_comb_rows(const u64* const tables[SALUS_LANES64], int bits,
                                 const L scalar[4], int window) {
  const Digit digit = window_digit(scalar, window, bits, window + 1 == comb_windows(bits));
  u64 magnitude[SALUS_LANES64];
  std::memcpy(magnitude, &digit.magnitude, sizeof magnitude);
  const u64 first = static_cast<u64>(window) << (bits - 1);
  CombRows found;
  found.is_negative = digit.is_negative;
  for (int lane = 0; lane < SALUS_LANES64; ++lane) {
    const u64* row = tables[lane] + kCombRowWords * (first + magnitude[lane] - 1);
    found.rows[lane] = magnitude[lane] == 0 ? kCombNeutral : row;
    __builtin_prefetch(found.rows[lane]);
    __builtin_prefetch(found.rows[lane] + kCombRowWords - 1);
  }
  return found;
}

SALUS_FN CachedAffine load_comb_rows(const CombRows* found) {
  L words[16];
  const u64* ends[SALUS_LANES64];
  for (int lane = 0; lane < SALUS_LANES64; ++lane) ends[lane] = found->rows[lane] + 4;
  load_rows(found->rows, words);
  load_rows(ends, words + 8);  // words 4 to 11
  CachedAffine c = {fe_from_words(words), fe_from_words(words + 4), fe_from_words(words + 12)};
  negate_where(found->is_negative, &c.y_plus_x, &c.y_minus_x, &c.t2d);
  return c;
}

/// sum + [scalar]P, for the P of each lane's table and a scalar with offset windows.
static Completed add_comb(Summand sum, const u64* const tables[SALUS_LANES64], int bits,
                          const L scalar[4]) {
  CombRows ahead[kCombAhead];
  for (int window = 0; window < kCombAhead; ++window)
    ahead[window] = find_comb_rows(tables, bits, scalar, window);
  for (int window = 0;; ++window) {
    CombRows* const slot = &ahead[window % kCombAhead];
    const CachedAffine row = load_comb_rows(slot);
    if (window + kCombAhead < comb_windows(bits))
      *slot = find_comb_rows(tables, bits, scalar, window + kCombAhead);
    const Completed c = point_add_affine(sum, row);
    if (window + 1 == comb_windows(bits)) return c;
    sum = to_summand(c);
  }
}

static void combine_registered_lanes(const CombTable& base, int bits,
                                     const RegisteredItem* const items[SALUS_LANES64],
                                     Pending* out) {
  alignas(64) u64 signatures[SALUS_LANES64][8];  // R, S
  alignas(64) u64 challenges_k[SALUS_LANES64][8] = {};
  const u64* signature_rows[SALUS_LANES64];
  const u64* challenge_rows[SALUS_LANES64];
  const u64* tables[SALUS_LANES64];
  const u64* base_tables[SALUS_LANES64];
  for (int lane = 0; lane < SALUS_LANES64; ++lane) {
    std::memcpy(signatures[lane], items[lane]->signature, 64);
    u64 s[4];
    std::memcpy(s, signatures[lane] + 4, sizeof s);
    scalar_offset_windows(s, base.bits, signatures[lane] + 4);
    scalar_offset_windows(items[lane]->k, bits, challenges_k[lane]);
    signature_rows[lane] = signatures[lane];
    challenge_rows[lane] = challenges_k[lane];
    tables[lane] = items[lane]->table;
    base_tables[lane] = base.rows;
  }
  L signature[8];
  L k[8];
  load_rows(signature_rows, signature);
  load_rows(challenge_rows, k);
  const Completed of_key = add_comb(summand_neutral(), tables, bits, k);
  out->sum = to_point(add_comb(to_summand(of_key), base_tables, base.bits, signature + 4));
  out->is_on_curve = lane_splat(~0UL);
  for (int i = 0; i < 4; ++i) out->r[i] = signature[i];
}

/// Ed25519Variant::decide_registered.
[[maybe_unused]] static void decide_registered(const CombTable& base, int bits,
                                               const RegisteredItem* items, std::size_t count,
                                               Reason* out) {
  for (std::size_t first = 0; first < count; first += kItemsAtOnce) {
    const std::size_t some = count - first < kItemsAtOnce ? count - first : kItemsAtOnce;
    Pending pending[kGroupsAtOnce];
    for (std::size_t begin = 0; begin < some; begin += SALUS_LANES64) {
      const RegisteredItem* lanes[SALUS_LANES64];
      for (std::size_t lane = 0; lane < SALUS_LANES64; ++lane)
        lanes[lane] = &items[first + (begin + lane < some ? begin + lane : begin)];
      combine_registered_lanes(base, bits, lanes, &pending[begin / SALUS_LANES64]);
    }
    finish(pending, some, out + first);
  }
}
