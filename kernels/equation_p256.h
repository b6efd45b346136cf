// ECDSA's equation, r = x([u1]G + [u2]Q) modulo n with u1 = e/s and u2 = r/s modulo n: its scalars,
// and the comparison at its end.
//
// Included by a variant file inside its own namespace, after p256_variant.h and <cstring>.
#pragma once

#include "kernels/groupp256.h"
#include "kernels/scalarp256.h"

static constexpr std::size_t kScalarsAtOnce = 256;  // share one inversion

/// P256Variant::scalars for at most kScalarsAtOnce items, by Montgomery's trick: with
/// products[i] = s_0 ... s_i / 2^(256 i) and inverse = 2^256 / products[i], inverse products[i - 1]
/// is 2^256 / s_i once more, all products being Montgomery's. e need not be below n.
static void scalars_of_some(const P256SignedHash* items, std::size_t count, P256Scalars* out) {
  Scalar products[kScalarsAtOnce];
  for (std::size_t i = 0; i < count; ++i) {
    const Scalar s = scalar_from_bytes(items[i].signature + 32);
    products[i] = i == 0 ? s : scalar_mul(products[i - 1], s);
  }
  Scalar inverse = scalar_invert(products[count - 1]);
  for (std::size_t i = count; i-- > 0;) {
    const Scalar s = scalar_from_bytes(items[i].signature + 32);
    const Scalar s_inverse = i == 0 ? inverse : scalar_mul(inverse, products[i - 1]);
    inverse = scalar_mul(inverse, s);
    const Scalar r = scalar_from_bytes(items[i].signature);
    const Scalar u1 = scalar_mul(scalar_from_bytes(items[i].hash), s_inverse);
    const Scalar u2 = scalar_mul(r, s_inverse);
    std::memcpy(out[i].u1, u1.w, sizeof u1);
    std::memcpy(out[i].u2, u2.w, sizeof u2);
    std::memcpy(out[i].r, r.w, sizeof r);
  }
}

/// P256Variant::scalars.
[[maybe_unused]] static void scalars(const P256SignedHash* items, std::size_t count,
                                     P256Scalars* out) {
  for (std::size_t begin = 0; begin < count; begin += kScalarsAtOnce)
    scalars_of_some(items + begin, count - begin < kScalarsAtOnce ? count - begin : kScalarsAtOnce,
                    out + begin);
}

/// One item a lane.
typedef struct {
  L words[8];  // odd forms of u1 and of u2 (scalar_make_odd)
  L is_u1_negated, is_u2_negated;
} OddScalars;

static OddScalars load_odd_scalars(const P256Scalars* const items[SALUS_LANES64]) {
  alignas(64) u64 words[SALUS_LANES64][8];
  u64 is_u1_negated[SALUS_LANES64];
  u64 is_u2_negated[SALUS_LANES64];
  const u64* rows[SALUS_LANES64];
  for (int lane = 0; lane < SALUS_LANES64; ++lane) {
    Scalar u;
    std::memcpy(u.w, items[lane]->u1, sizeof u);
    u = scalar_make_odd(u, &is_u1_negated[lane]);
    std::memcpy(words[lane], u.w, sizeof u);
    std::memcpy(u.w, items[lane]->u2, sizeof u);
    u = scalar_make_odd(u, &is_u2_negated[lane]);
    std::memcpy(words[lane] + 4, u.w, sizeof u);
    rows[lane] = words[lane];
  }
  OddScalars r;
  load_rows(rows, r.words);
  std::memcpy(&r.is_u1_negated, is_u1_negated, sizeof r.is_u1_negated);
  std::memcpy(&r.is_u2_negated, is_u2_negated, sizeof r.is_u2_negated);
  return r;
}

/// All ones where x / denominator, as a number in [0, p), is r modulo n: r itself, or r + n where
/// that is below p.
static L is_x_of_r(const Fe* x, const Fe* denominator,
                   const P256Scalars* const items[SALUS_LANES64]) {
  alignas(64) u64 words[SALUS_LANES64][8];
  const u64* rows[SALUS_LANES64];
  for (int lane = 0; lane < SALUS_LANES64; ++lane) {
    Scalar r;
    std::memcpy(r.w, items[lane]->r, sizeof r);
    Scalar rest;
    const bool has_second = scalar_subtract(r, kPrimeLessOrder, &rest) != 0;
    const Scalar second = has_second ? scalar_plus_order(r) : r;
    std::memcpy(words[lane], r.w, sizeof r);
    std::memcpy(words[lane] + 4, second.w, sizeof second);
    rows[lane] = words[lane];
  }
  L numbers[8];
  load_rows(rows, numbers);
  // Plain numbers, not in Montgomery form: so the products with them are not either.
  const Fe plain_x = fe_from_montgomery(*x);
  return fe_is_equal(plain_x, fe_mul(fe_from_words(numbers), *denominator)) |
         fe_is_equal(plain_x, fe_mul(fe_from_words(numbers + 4), *denominator));
}
