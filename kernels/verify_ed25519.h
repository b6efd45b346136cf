// Ed25519's equation, encode([S]B - [k]A) = R, for one item a lane and any key.
//
// Straus: both scalars share their doublings. k is read in signed windows of 5 bits against a table
// of 16 multiples of -A made for the item, S in windows of 10 bits against a fixed table of 512
// multiples of B. The results' denominators are inverted together, with three multiplications each
// (Montgomery's trick), within each lane.
//
// Included by a variant file inside its own namespace, after ed25519_variant.h and <cstring>.
#pragma once

#include "kernels/edwards25519.h"
#include "kernels/scalar25519.h"

static constexpr int kKeyWindow = 5;
static constexpr int kKeyDigits = 51;
static constexpr int kKeyRows = 17;  // 0 to 16
static constexpr int kKeyRowWords = 24;
static constexpr int kBaseWindow = 2 * kKeyWindow;
static constexpr int kGroupsAtOnce = 32;  // share one inversion

/// Multiples of one key a lane.
typedef struct {
  alignas(64) u64 rows[SALUS_LANES64][kKeyRows][kKeyRowWords];
} KeyTable;

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

SALUS_FN Cached load_cached(const KeyTable* table, Digit digit) {
  const u64* tables[SALUS_LANES64];
  for (int lane = 0; lane < SALUS_LANES64; ++lane) tables[lane] = table->rows[lane][0];
  const u64* rows[SALUS_LANES64];
  find_rows(tables, kKeyRowWords, digit.magnitude, rows);
  L words[kKeyRowWords];
  for (int part = 0; part < 3; ++part) load_part(rows, part, words + 8 * part);
  Cached c;
  Fe* const parts[] = {&c.y_plus_x, &c.y_minus_x, &c.t2d, &c.z2};
  split_words(words, parts, 4);
  negate_where(digit.is_negative, &c.y_plus_x, &c.y_minus_x, &c.t2d);
  return c;
}

SALUS_FN CachedAffine load_base(const BaseTable* table, Digit digit) {
  const u64* tables[SALUS_LANES64];
  for (int lane = 0; lane < SALUS_LANES64; ++lane) tables[lane] = table->rows[0];
  const u64* rows[SALUS_LANES64];
  find_rows(tables, BaseTable::kRowWords, digit.magnitude, rows);
  L words[BaseTable::kRowWords];
  for (int part = 0; part < 2; ++part) load_part(rows, part, words + 8 * part);
  CachedAffine c;
  Fe* const parts[] = {&c.y_plus_x, &c.y_minus_x, &c.t2d};
  split_words(words, parts, 3);
  negate_where(digit.is_negative, &c.y_plus_x, &c.y_minus_x, &c.t2d);
  return c;
}

SALUS_FN void store_cached(const Cached* c, KeyTable* table, int row) {
  L words[kKeyRowWords] = {};
  const Fe* const parts[] = {&c->y_plus_x, &c->y_minus_x, &c->t2d, &c->z2};
  for (int i = 0; i < 4; ++i)
    for (int limb = 0; limb < 5; ++limb) words[5 * i + limb] = parts[i]->v[limb];
  for (int part = 0; part < 3; ++part) {
    u64* rows[SALUS_LANES64];
    for (int lane = 0; lane < SALUS_LANES64; ++lane) rows[lane] = &table->rows[lane][row][8 * part];
    store_rows(words + 8 * part, rows);
  }
}

/// 0 to 16 times (x, y): about 9 multiplications a row.
static void make_key_table(const Fe* x, const Fe* y, KeyTable* table) {
  Summand multiple = summand_neutral();
  Cached c = to_cached(multiple);
  store_cached(&c, table, 0);
  multiple = summand_from_affine(*x, *y);
  c = to_cached(multiple);
  const CachedAffine once = {c.y_plus_x, c.y_minus_x, c.t2d};
  for (int row = 1;; ++row) {
    store_cached(&c, table, row);
    if (row + 1 == kKeyRows) return;
    multiple = to_summand(point_add_affine(multiple, once));
    c = to_cached(multiple);
  }
}

/// [s]B + [k]A for the A of `table`; scalars with offset windows.
static Point combine(const BaseTable* base, const L s[4], const KeyTable* table, const L k[4]) {
  Summand sum = summand_neutral();
  for (int i = kKeyDigits - 1;; --i) {
    const bool is_top = i == kKeyDigits - 1;
    Completed c = point_add(sum, load_cached(table, window_digit(k, i, kKeyWindow, is_top)));
    if (i % 2 == 0) {
      const Digit digit = window_digit(s, i / 2, kBaseWindow, is_top);
      c = point_add_affine(to_summand(c), load_base(base, digit));
    }
    if (i == 0) return to_point(c);
    for (int doubling = 0; doubling < kKeyWindow; ++doubling) c = point_double(to_point(c));
    sum = to_summand(c);
  }
}

/// One item a lane between the two halves of its verification.
typedef struct {
  Point sum;  // [S]B - [k]A
  L r[4];     // R as received
  L is_on_curve;
} Pending;

static void combine_lanes(const BaseTable* base, const CurveItem* const items[SALUS_LANES64],
                          Pending* out) {
  alignas(64) u64 signatures[SALUS_LANES64][8];  // R, S
  alignas(64) u64 keys[SALUS_LANES64][8];        // A, k
  const u64* signature_rows[SALUS_LANES64];
  const u64* key_rows[SALUS_LANES64];
  for (int lane = 0; lane < SALUS_LANES64; ++lane) {
    std::memcpy(signatures[lane], items[lane]->signature, 64);
    std::memcpy(keys[lane], items[lane]->key, 32);
    u64 s[4];
    std::memcpy(s, signatures[lane] + 4, sizeof s);
    scalar_offset_windows(s, kBaseWindow, signatures[lane] + 4);
    scalar_offset_windows(items[lane]->k, kKeyWindow, keys[lane] + 4);
    signature_rows[lane] = signatures[lane];
    key_rows[lane] = keys[lane];
  }
  L signature[8];
  L key[8];
  load_rows(signature_rows, signature);
  load_rows(key_rows, key);

  // -A is wanted: the x with the other lowest bit. Lanes without a point go on with the neutral
  // one, because off the curve a Z of 0 could spoil the shared inversion.
  Fe y = fe_from_words(key);
  Fe x;
  out->is_on_curve = decompress(&y, (key[3] >> 63) ^ 1, &x);
  x = fe_select(out->is_on_curve, x, fe_splat(kFeZero));
  y = fe_select(out->is_on_curve, y, fe_splat(kFeOne));
  KeyTable table;
  make_key_table(&x, &y, &table);
  out->sum = combine(base, signature + 4, &table, key + 4);
  for (int i = 0; i < 4; ++i) out->r[i] = signature[i];
}

/// All ones where encode(sum) are the bytes R, given 1/Z.
static L is_encoded_by_r(const Pending* item, const Fe* z_inverse) {
  const Fe x = fe_canonical(fe_mul(item->sum.x, *z_inverse));
  const Fe y = fe_canonical(fe_mul(item->sum.y, *z_inverse));
  L words[4];
  fe_to_words(y, words);
  words[3] |= x.v[0] << 63;
  L difference = words[0] ^ item->r[0];
  for (int i = 1; i < 4; ++i) difference |= words[i] ^ item->r[i];
  return lane_equal(difference, lane_splat(0));
}

/// Writes one reason for each of the first `count` lanes.
static void write_reasons(L is_on_curve, L is_equal, std::size_t count, Reason* out) {
  u64 on_curve[SALUS_LANES64];
  u64 equal[SALUS_LANES64];
  std::memcpy(on_curve, &is_on_curve, sizeof on_curve);
  std::memcpy(equal, &is_equal, sizeof equal);
  for (std::size_t lane = 0; lane < count; ++lane) {
    if (on_curve[lane] == 0)
      out[lane] = Reason::key_not_on_curve;
    else
      out[lane] = equal[lane] != 0 ? Reason::valid : Reason::mismatch;
  }
}

/// At most kGroupsAtOnce * SALUS_LANES64 items, at least one.
static void decide_some(const BaseTable* base, const CurveItem* items, std::size_t count,
                        Reason* out) {
  Pending pending[kGroupsAtOnce];
  Fe products[kGroupsAtOnce];  // of all Z up to this one
  std::size_t groups = 0;
  for (std::size_t begin = 0; begin < count; begin += SALUS_LANES64, ++groups) {
    const CurveItem* lanes[SALUS_LANES64];
    for (std::size_t lane = 0; lane < SALUS_LANES64; ++lane)
      lanes[lane] = &items[begin + lane < count ? begin + lane : begin];
    combine_lanes(base, lanes, &pending[groups]);
    const Fe z = pending[groups].sum.z;
    products[groups] = groups == 0 ? z : fe_mul(products[groups - 1], z);
  }
  Fe inverse = fe_invert(&products[groups - 1]);
  for (std::size_t group = groups; group-- > 0;) {
    const Fe z_inverse = group == 0 ? inverse : fe_mul(inverse, products[group - 1]);
    inverse = fe_mul(inverse, pending[group].sum.z);
    const std::size_t begin = group * SALUS_LANES64;
    const std::size_t left = count - begin;
    write_reasons(pending[group].is_on_curve, is_encoded_by_r(&pending[group], &z_inverse),
                  left < SALUS_LANES64 ? left : SALUS_LANES64, out + begin);
  }
}

/// Ed25519Variant::decide.
static void decide(const BaseTable& base, const CurveItem* items, std::size_t count, Reason* out) {
  constexpr std::size_t kAtOnce = std::size_t{kGroupsAtOnce} * SALUS_LANES64;
  for (std::size_t begin = 0; begin < count; begin += kAtOnce)
    decide_some(&base, items + begin, count - begin < kAtOnce ? count - begin : kAtOnce,
                out + begin);
}
