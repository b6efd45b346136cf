// Scalars modulo n, the order of P-256, on words of 32 bits: Montgomery products with R = 2^256,
// and digits. They take some percent of a verification.
#pragma once

#include "kernels/gpu/words.h"

typedef U256 Scalar;

SALUS_CONSTANT u32 kOrderP256[8] = {0xfc632551, 0xf3b9cac2, 0xa7179e84, 0xbce6faad,
                                    0xffffffff, 0xffffffff, 0x00000000, 0xffffffff};
SALUS_CONSTANT u32 kScalarRSquared[8] = {0xbe79eea2, 0x83244c95, 0x49bd6fa6, 0x4699799c,
                                         0x2b6bec59, 0x2845b239, 0xf3d95620, 0x66e12d94};
/// p - n: an r below it may also stand for r + n.
SALUS_CONSTANT u32 kPrimeLessOrder[8] = {0x039cdaae, 0x0c46353d, 0x58e8617b, 0x43190553,
                                         0,          0,          0,          0};

/// a b / 2^256 modulo n, in [0, n). One of the factors is below n, the other one may be any.
SALUS_CALL Scalar scalar_mul(Scalar a, Scalar b) {
  const u32 kInverse = 0xee00bc4fu;  // -1/n modulo 2^32
  const U256 order = u256_constant(kOrderP256);
  U512 t = u256_multiply(a, b);
  u32 above = 0;  // what belongs to word i + 8 beyond its 32 bits
  SALUS_UNROLL
  for (int i = 0; i < 8; ++i) {
    const u32 m = t.v[i] * kInverse;
    U256 part;
    const u32 carry = u256_multiply_add(&part, t.v + i, order.v, m);
    SALUS_UNROLL
    for (int j = 0; j < 8; ++j) t.v[i + j] = part.v[j];
    const u64 sum = (u64)t.v[i + 8] + carry + above;
    t.v[i + 8] = (u32)sum;
    above = (u32)(sum >> 32);
  }
  Scalar r;
  SALUS_UNROLL
  for (int i = 0; i < 8; ++i) r.v[i] = t.v[i + 8];
  Scalar less;
  const u32 borrow = u256_subtract(&less, r, order);
  return u256_select(above >= (borrow & 1), less, r);
}

/// 2^256 / a modulo n for 0 < a < n: a^(n - 2), bit by bit, which is done once for many items.
SALUS_FN Scalar scalar_invert(Scalar a) {
  const Scalar base = scalar_mul(a, u256_constant(kScalarRSquared));
  Scalar r = base;  // the highest bit
  SALUS_KEEP_LOOP
  for (int word = 7; word >= 0; --word) {
    const u32 bits = kOrderP256[word] - (word == 0 ? 2u : 0u);
    SALUS_KEEP_LOOP
    for (int bit = word == 7 ? 30 : 31; bit >= 0; --bit) {
      r = scalar_mul(r, r);
      if ((bits >> bit & 1) != 0) r = scalar_mul(r, base);
    }
  }
  return r;
}

/// A number of 32 bytes, big-endian.
SALUS_FN U256 load_big_endian(SALUS_GLOBAL const u32* from) {
  const U256 bytes = u256_load(from);
  U256 r;
  SALUS_UNROLL
  for (int i = 0; i < 8; ++i) r.v[i] = bswap(bytes.v[7 - i]);
  return r;
}

/// k or n - k, whichever is odd, and whether it is n - k. 0 becomes n.
SALUS_FN Scalar scalar_make_odd(Scalar k, bool* is_negated) {
  Scalar negated;
  u256_subtract(&negated, u256_constant(kOrderP256), k);
  *is_negated = (k.v[0] & 1) == 0;
  return u256_select(*is_negated, negated, k);
}

/// A digit of an odd scalar: the row with 2 row + 1 times the point, and the sign
/// (kernels/rows_p256.h).
typedef struct {
  u32 row;
  bool is_negative;
} Digit;

SALUS_FN u32 window_count(u32 bits) { return (256 + bits - 1) / bits; }

SALUS_FN Digit window_digit(SALUS_GLOBAL const u32* scalar, u32 index, u32 bits) {
  Digit digit;
  digit.row = 0;
  digit.is_negative = false;
  const u32 at = index * bits + 1;
  if (at >= 256) return digit;
  const u32 word = at / 32;
  u64 pair = scalar[word];
  if (word < 7) pair |= (u64)scalar[word + 1] << 32;
  const u32 value = (u32)(pair >> at % 32) & ((1u << bits) - 1);
  const u32 half_window = 1u << (bits - 1);
  digit.row = value;
  if ((index + 1) * bits >= 256) return digit;  // the top one
  digit.is_negative = value < half_window;
  digit.row = digit.is_negative ? half_window - 1 - value : value - half_window;
  return digit;
}
