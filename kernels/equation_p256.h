// ECDSA's equation, r = x([u1]G + [u2]Q) modulo n with u1 = e/s and u2 = r/s modulo n: its scalars,
// and the comparison at its end.
//
// Included by a variant file inside its own namespace, after p256_variant.h and <cstring>.
#pragma once

#include "kernels/groupp256.h"
#include "kernels/orderp256.h"

static constexpr std::size_t kScalarGroups = 32;  // share one inversion
static constexpr std::size_t kScalarsAtOnce = kScalarGroups * SALUS_LANES64;

/// r, s and e of one item a lane.
typedef struct {
  Fe r, s, e;
} SignedNumbers;

static SignedNumbers load_signed_numbers(const P256SignedHash* items, std::size_t count) {
  alignas(64) u64 signatures[SALUS_LANES64][8];
  alignas(64) u64 hashes[SALUS_LANES64][8] = {};
  const u64* signature_rows[SALUS_LANES64];
  const u64* hash_rows[SALUS_LANES64];
  for (std::size_t lane = 0; lane < SALUS_LANES64; ++lane) {
    const P256SignedHash& item = items[lane < count ? lane : 0];  // spare lanes repeat the first
    std::memcpy(signatures[lane], item.signature, 64);
    std::memcpy(hashes[lane], item.hash, 32);
    signature_rows[lane] = signatures[lane];
    hash_rows[lane] = hashes[lane];
  }
  L signature[8];
  L hash[8];
  load_rows(signature_rows, signature);
  load_rows(hash_rows, hash);
  return {fe_from_big_endian(signature), fe_from_big_endian(signature + 4),
          fe_from_big_endian(hash)};
}

static void store_scalars(Fe u1, Fe u2, Fe r, std::size_t count, P256Scalars* out) {
  L words[8];
  alignas(64) u64 factors[SALUS_LANES64][8];
  alignas(64) u64 others[SALUS_LANES64][8];
  u64* factor_rows[SALUS_LANES64];
  u64* other_rows[SALUS_LANES64];
  for (int lane = 0; lane < SALUS_LANES64; ++lane) {
    factor_rows[lane] = factors[lane];
    other_rows[lane] = others[lane];
  }
  fe_to_words(u1, words);
  fe_to_words(u2, words + 4);
  store_rows(words, factor_rows);
  fe_to_words(r, words);
  store_rows(words, other_rows);
  for (std::size_t lane = 0; lane < count && lane < SALUS_LANES64; ++lane) {
    std::memcpy(out[lane].u1, factors[lane], 32);
    std::memcpy(out[lane].u2, factors[lane] + 4, 32);
    std::memcpy(out[lane].r, others[lane], 32);
  }
}

/// P256Variant::scalars for at most kScalarsAtOnce items, by Montgomery's trick in each lane: with
/// R = 2^260, products[i] = s_0 ... s_i / R^i and inverse = R / products[i], the Montgomery product
/// of inverse and products[i - 1] is R / s_i. e need not be below n.
static void scalars_of_some(const P256SignedHash* items, std::size_t count, P256Scalars* out) {
  const std::size_t groups = (count + SALUS_LANES64 - 1) / SALUS_LANES64;
  SignedNumbers numbers[kScalarGroups];
  Fe products[kScalarGroups];
  numbers[0] = load_signed_numbers(items, count);
  products[0] = numbers[0].s;
  for (std::size_t i = 1; i < groups; ++i) {
    numbers[i] = load_signed_numbers(items + i * SALUS_LANES64, count - i * SALUS_LANES64);
    products[i] = order_mul(products[i - 1], numbers[i].s);
  }
  Fe inverse = order_invert(&products[groups - 1]);
  for (std::size_t i = groups; i-- > 0;) {
    const Fe s_inverse = i == 0 ? inverse : order_mul(inverse, products[i - 1]);
    inverse = order_mul(inverse, numbers[i].s);
    store_scalars(order_canonical(order_mul(numbers[i].e, s_inverse)),
                  order_canonical(order_mul(numbers[i].r, s_inverse)), numbers[i].r,
                  count - i * SALUS_LANES64, out + i * SALUS_LANES64);
  }
}

/// P256Variant::scalars.
[[maybe_unused]] static void scalars(const P256SignedHash* items, std::size_t count,
                                     P256Scalars* out) {
  for (std::size_t begin = 0; begin < count; begin += kScalarsAtOnce)
    scalars_of_some(items + begin, count - begin < kScalarsAtOnce ? count - begin : kScalarsAtOnce,
                    out + begin);
}

/// A scalar k that was made odd: words of k or of n - k (n for 0), and, all ones or 0, which.
typedef struct {
  L words[4];
  L is_negated;
} OddScalar;

SALUS_FN OddScalar make_odd(Fe k) {
  OddScalar r;
  r.is_negated = (k.v[0] & 1) - 1;
  fe_to_words(fe_select(r.is_negated, order_negate(k), k), r.words);
  return r;
}

/// One item a lane.
typedef struct {
  OddScalar u1, u2;
} OddScalars;

static OddScalars load_odd_scalars(const P256Scalars* const items[SALUS_LANES64]) {
  alignas(64) u64 words[SALUS_LANES64][8];
  const u64* rows[SALUS_LANES64];
  for (int lane = 0; lane < SALUS_LANES64; ++lane) {
    std::memcpy(words[lane], items[lane]->u1, 32);
    std::memcpy(words[lane] + 4, items[lane]->u2, 32);
    rows[lane] = words[lane];
  }
  L scalars[8];
  load_rows(rows, scalars);
  return {make_odd(fe_from_words(scalars)), make_odd(fe_from_words(scalars + 4))};
}

/// All ones where x / denominator, as a number in [0, p), is r modulo n: r itself, or r + n where
/// that is below p.
static L is_x_of_r(const Fe* x, const Fe* denominator,
                   const P256Scalars* const items[SALUS_LANES64]) {
  alignas(64) u64 words[SALUS_LANES64][8] = {};
  const u64* rows[SALUS_LANES64];
  for (int lane = 0; lane < SALUS_LANES64; ++lane) {
    std::memcpy(words[lane], items[lane]->r, 32);
    rows[lane] = words[lane];
  }
  L number[8];
  load_rows(rows, number);
  const Fe r = fe_from_words(number);
  const Fe r_plus_n = fe_carry(fe_add_limbs(r, fe_splat(kOrder)));
  // Plain numbers, not in Montgomery form: so the products with them are not either.
  const Fe plain_x = fe_from_montgomery(*x);
  return fe_is_equal(plain_x, fe_mul(r, *denominator)) |
         (fe_is_equal(plain_x, fe_mul(r_plus_n, *denominator)) & fe_is_below_prime(r_plus_n));
}
