// ECDSA's equation over P-256 for one item a lane and any key.
//
// Straus: both scalars share their doublings. u2 is read in windows of 5 bits against a table of 16
// multiples of Q made for the item, u1 in windows of 10 bits against the first window of the base
// point's comb table.
//
// Included by a variant file inside its own namespace, after p256_variant.h and <cstring>.
#pragma once

#include "kernels/finish_p256.h"
#include "kernels/rows_p256.h"

static constexpr int kKeyWindow = 5;
static constexpr int kKeyRows = 1 << (kKeyWindow - 1);
static constexpr int kBaseWindow = 2 * kKeyWindow;
static_assert(kBaseWindow == kP256BaseBits);

/// Groups whose key tables are made together: more would share the inversion's 1 % among more items
/// and need more stack.
static constexpr std::size_t kGroupsAtOnce = kItemsAtOnce / SALUS_LANES64;

/// Multiples of one key a lane.
typedef struct {
  alignas(64) u64 rows[SALUS_LANES64][kKeyRows][kRowWords];
} KeyTable;

/// The points that digit `index` of a scalar names.
SALUS_FN Affine load_key_points(const KeyTable* table, const OddScalar* scalar, int index) {
  const u64* tables[SALUS_LANES64];
  for (int lane = 0; lane < SALUS_LANES64; ++lane) tables[lane] = table->rows[lane][0];
  const u64* rows[SALUS_LANES64];
  const Digit digit = window_digit(scalar, index, kKeyWindow);
  find_rows(tables, digit.row, rows);
  return load_points(rows, digit.is_negative);
}

SALUS_FN Affine load_base_points(const u64* table, const OddScalar* scalar, int index) {
  const u64* tables[SALUS_LANES64];
  for (int lane = 0; lane < SALUS_LANES64; ++lane) tables[lane] = table;
  const u64* rows[SALUS_LANES64];
  const Digit digit = window_digit(scalar, index, kBaseWindow);
  find_rows(tables, digit.row, rows);
  return load_points(rows, digit.is_negative);
}

/// [u1]G + [u2]Q for the Q of `table`, in the coordinates of `Sum`.
template <typename Sum>
static Sum combine(const u64* base, const KeyTable* table, const OddScalars* u) {
  const int top = window_count(kKeyWindow) - 1;
  Sum sum;
  point_from_affine(load_key_points(table, &u->u2, top), &sum);
  for (int i = top - 1; i >= 0; --i) {
    const Affine of_key = load_key_points(table, &u->u2, i);  // early, to arrive in time
    for (int doubling = 0; doubling < kKeyWindow; ++doubling) sum = point_double(sum);
    sum = point_add_affine(sum, of_key);
    if (i % 2 == 0) sum = point_add_affine(sum, load_base_points(base, &u->u1, i / 2));
  }
  return sum;
}

/// Keys, 65 bytes each, in Montgomery form. Lanes whose key is off the curve go on with the base
/// point, because there a Z of 0 could spoil a shared inversion; elsewhere *on_curve is all ones.
static Affine load_keys(const u8* const keys[SALUS_LANES64], L* on_curve) {
  alignas(64) u64 bytes[SALUS_LANES64][8];
  const u64* rows[SALUS_LANES64];
  for (int lane = 0; lane < SALUS_LANES64; ++lane) {
    std::memcpy(bytes[lane], keys[lane] + 1, 64);
    rows[lane] = bytes[lane];
  }
  L key_bytes[8];
  load_rows(rows, key_bytes);
  const Affine key = {fe_to_montgomery(fe_from_big_endian(key_bytes)),
                      fe_to_montgomery(fe_from_big_endian(key_bytes + 4))};
  *on_curve = is_on_curve(&key);
  return affine_select(*on_curve, key, base_point());
}

/// The items of one group, some of which may be the same.
typedef struct {
  const u8* keys[SALUS_LANES64];
  const P256Scalars* scalars[SALUS_LANES64];
} Group;

/// Items begin to begin + SALUS_LANES64 - 1 of `count`; lanes to spare repeat the first one.
static Group group_of_items(const P256CurveItem* items, std::size_t begin, std::size_t count) {
  Group group;
  for (std::size_t lane = 0; lane < SALUS_LANES64; ++lane) {
    const P256CurveItem& item = items[begin + lane < count ? begin + lane : begin];
    group.keys[lane] = item.key;
    group.scalars[lane] = &item.scalars;
  }
  return group;
}

/// Key tables of some groups, which share an inversion.
typedef struct {
  KeyTable tables[kGroupsAtOnce];
  L on_curve[kGroupsAtOnce];
} KeyTables;

static void make_key_tables(const Group* groups, std::size_t count, KeyTables* out) {
  Jacobian multiples[kGroupsAtOnce * kKeyRows];
  Fe products[kGroupsAtOnce * kKeyRows];
  for (std::size_t group = 0; group < count; ++group) {
    Jacobian key;
    point_from_affine(load_keys(groups[group].keys, &out->on_curve[group]), &key);
    OddMultiples odd = odd_multiples(key);
    take_odd_multiples(&odd, kKeyRows, multiples + group * kKeyRows);
  }
  make_affine(multiples, static_cast<int>(count) * kKeyRows, products);
  for (std::size_t group = 0; group < count; ++group) {
    for (int row = 0; row < kKeyRows; ++row) {
      u64* rows[SALUS_LANES64];
      for (int lane = 0; lane < SALUS_LANES64; ++lane)
        rows[lane] = out->tables[group].rows[lane][row];
      const Jacobian& multiple = multiples[group * kKeyRows + static_cast<std::size_t>(row)];
      store_points({multiple.x, multiple.y}, rows);
    }
  }
}

/// At most kItemsAtOnce items, at least one, by sums in the coordinates of `Sum`.
template <typename Sum>
static void decide_some(const u64* base, const P256CurveItem* items, std::size_t count, Reason* out,
                        Undecided* undecided) {
  Group groups[kGroupsAtOnce] = {};
  KeyTables keys;
  const std::size_t group_count = (count + SALUS_LANES64 - 1) / SALUS_LANES64;
  for (std::size_t group = 0; group < group_count; ++group)
    groups[group] = group_of_items(items, group * SALUS_LANES64, count);
  make_key_tables(groups, group_count, &keys);

  for (std::size_t group = 0; group < group_count; ++group) {
    const std::size_t begin = group * SALUS_LANES64;
    const std::size_t left = count - begin;
    const OddScalars u = load_odd_scalars(groups[group].scalars);
    const Sum sum = combine<Sum>(base, &keys.tables[group], &u);
    const Outcome outcome = outcome_of_sum(keys.on_curve[group], &sum, groups[group].scalars);
    write_reasons(&outcome, begin, left < SALUS_LANES64 ? left : SALUS_LANES64, out, undecided);
  }
}

/// Decides by complete additions what the fast ones left undecided.
[[gnu::noinline]] static void decide_again(const u64* base, const P256CurveItem* items,
                                           const Undecided* undecided, Reason* out) {
  P256CurveItem again[kItemsAtOnce];
  Reason reasons[kItemsAtOnce];
  Undecided none = {};
  for (std::size_t i = 0; i < undecided->count; ++i) again[i] = items[undecided->indices[i]];
  decide_some<Projective>(base, again, undecided->count, reasons, &none);
  for (std::size_t i = 0; i < undecided->count; ++i) out[undecided->indices[i]] = reasons[i];
}

/// P256Variant::decide.
[[maybe_unused]] static void decide(const P256Comb& base, const P256CurveItem* items,
                                    std::size_t count, Reason* out) {
  for (std::size_t begin = 0; begin < count; begin += kItemsAtOnce) {
    const std::size_t some = count - begin < kItemsAtOnce ? count - begin : kItemsAtOnce;
    Undecided undecided = {};
    decide_some<Jacobian>(base.rows, items + begin, some, out + begin, &undecided);
    if (undecided.count > 0) decide_again(base.rows, items + begin, &undecided, out + begin);
  }
}
