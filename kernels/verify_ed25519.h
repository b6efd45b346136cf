// Ed25519's equation, encode([S]B - [k]A) = R, for one item a lane and any key.
//
// Straus: both scalars share their doublings. k is read in signed windows of 5 bits against a table
// of 16 multiples of -A made for the item, S in windows of 10 bits against a fixed table of 512
// multiples of B.
//
// Included by a variant file inside its own namespace, after ed25519_variant.h and <cstring>.
#pragma once

#include "kernels/finish_ed25519.h"
#include "kernels/rows_ed25519.h"

static constexpr int kKeyWindow = 5;
static constexpr int kKeyDigits = 51;
static constexpr int kKeyRows = 17;  // 0 to 16
static constexpr int kKeyRowWords = 24;
static constexpr int kBaseWindow = 2 * kKeyWindow;

/// Multiples of one key a lane.
typedef struct {
  alignas(64) u64 rows[SALUS_LANES64][kKeyRows][kKeyRowWords];
} KeyTable;

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

/// At most kGroupsAtOnce * SALUS_LANES64 items, at least one.
static void decide_some(const BaseTable* base, const CurveItem* items, std::size_t count,
                        Reason* out) {
  Pending pending[kGroupsAtOnce];
  for (std::size_t begin = 0; begin < count; begin += SALUS_LANES64) {
    const CurveItem* lanes[SALUS_LANES64];
    for (std::size_t lane = 0; lane < SALUS_LANES64; ++lane)
      lanes[lane] = &items[begin + lane < count ? begin + lane : begin];
    combine_lanes(base, lanes, &pending[begin / SALUS_LANES64]);
  }
  finish(pending, count, out);
}

/// Ed25519Variant::decide.
[[maybe_unused]] static void decide(const BaseTable& base, const CurveItem* items,
                                    std::size_t count, Reason* out) {
  for (std::size_t begin = 0; begin < count; begin += kItemsAtOnce)
    decide_some(&base, items + begin, count - begin < kItemsAtOnce ? count - begin : kItemsAtOnce,
                out + begin);
}
