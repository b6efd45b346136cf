// Scalars modulo n, the order of P-256: what ECDSA makes of a hash and a signature. Numbers are
// words, the least significant first; products are Montgomery's with R = 2^256.
//
// Plain 64-bit code for one item: it takes about a percent of a verification.
//
// Included by a variant file inside its own namespace, after p256_variant.h and <cstring>.
#pragma once

#include "kernels/lanes64.h"

typedef struct {
  u64 w[4];
} Scalar;

static constexpr Scalar kOrder = {
    {0xf3b9cac2fc632551, 0xbce6faada7179e84, 0xffffffffffffffff, 0xffffffff00000000}};
static constexpr u64 kOrderInverse = 0xccd1c8aaee00bc4f;  // -1/n modulo 2^64
static constexpr Scalar kScalarRSquared = {
    {0x83244c95be79eea2, 0x4699799c49bd6fa6, 0x2845b2392b6bec59, 0x66e12d94f3d95620}};
static constexpr Scalar kScalarOne = {{1, 0, 0, 0}};

/// p - n: a number below it may also stand for itself plus n in the field.
static constexpr Scalar kPrimeLessOrder = {{0x0c46353d039cdaae, 0x4319055358e8617b, 0, 0}};

/// *r = a - b modulo 2^256; the result is the borrow.
SALUS_FN u64 scalar_subtract(const Scalar& a, const Scalar& b, Scalar* r) {
  u64 borrow = 0;
  for (int i = 0; i < 4; ++i) {
    const unsigned __int128 difference = static_cast<unsigned __int128>(a.w[i]) - b.w[i] - borrow;
    r->w[i] = static_cast<u64>(difference);
    borrow = static_cast<u64>(difference >> 64) & 1;
  }
  return borrow;
}

/// a + n modulo 2^256.
SALUS_FN Scalar scalar_plus_order(const Scalar& a) {
  Scalar r;
  u64 carry = 0;
  for (int i = 0; i < 4; ++i) {
    const unsigned __int128 sum = static_cast<unsigned __int128>(a.w[i]) + kOrder.w[i] + carry;
    r.w[i] = static_cast<u64>(sum);
    carry = static_cast<u64>(sum >> 64);
  }
  return r;
}

/// a b / 2^256 modulo n, in [0, n). One of the factors is below n, the other one may be any.
SALUS_FN Scalar scalar_mul(const Scalar& a, const Scalar& b) {
  u64 t[5] = {};
  SALUS_UNROLL
  for (int i = 0; i < 4; ++i) {
    u64 carry = 0;
    SALUS_UNROLL
    for (int j = 0; j < 4; ++j) {
      const unsigned __int128 sum = static_cast<unsigned __int128>(a.w[i]) * b.w[j] + t[j] + carry;
      t[j] = static_cast<u64>(sum);
      carry = static_cast<u64>(sum >> 64);
    }
    const unsigned __int128 top = static_cast<unsigned __int128>(t[4]) + carry;
    const u64 q = t[0] * kOrderInverse;
    carry = static_cast<u64>((static_cast<unsigned __int128>(q) * kOrder.w[0] + t[0]) >> 64);
    SALUS_UNROLL
    for (int j = 1; j < 4; ++j) {
      const unsigned __int128 sum = static_cast<unsigned __int128>(q) * kOrder.w[j] + t[j] + carry;
      t[j - 1] = static_cast<u64>(sum);
      carry = static_cast<u64>(sum >> 64);
    }
    const unsigned __int128 end = top + carry;
    t[3] = static_cast<u64>(end);
    t[4] = static_cast<u64>(end >> 64);
  }
  const Scalar r = {{t[0], t[1], t[2], t[3]}};
  Scalar less;
  const u64 borrow = scalar_subtract(r, kOrder, &less);
  return t[4] < borrow ? r : less;
}

/// 2^256 / a modulo n for 0 < a < n.
[[maybe_unused]] static Scalar scalar_invert(const Scalar& a) {
  constexpr int kWindow = 4;
  Scalar powers[1 << kWindow];  // a^i, all in Montgomery form
  powers[0] = scalar_mul(kScalarRSquared, kScalarOne);
  powers[1] = scalar_mul(kScalarRSquared, a);
  for (int i = 2; i < 1 << kWindow; ++i) powers[i] = scalar_mul(powers[i - 1], powers[1]);
  Scalar exponent = kOrder;
  exponent.w[0] -= 2;
  Scalar r = powers[0];
  for (int at = 256 - kWindow; at >= 0; at -= kWindow) {
    for (int i = 0; i < kWindow; ++i) r = scalar_mul(r, r);
    r = scalar_mul(r, powers[exponent.w[at / 64] >> (at % 64) & ((1 << kWindow) - 1)]);
  }
  return r;
}

SALUS_FN Scalar scalar_from_bytes(const u8* big_endian) {
  Scalar r;
  for (int i = 0; i < 4; ++i) {
    u64 word;
    __builtin_memcpy(&word, big_endian + 8 * (3 - i), sizeof word);
    r.w[i] = __builtin_bswap64(word);
  }
  return r;
}

/// k or n - k, whichever is odd; *is_negated is all ones for n - k. 0 becomes n. Below 2^256.
SALUS_FN Scalar scalar_make_odd(const Scalar& k, u64* is_negated) {
  *is_negated = (k.w[0] & 1) - 1;
  Scalar negated;
  scalar_subtract(kOrder, k, &negated);
  return *is_negated == 0 ? k : negated;
}
