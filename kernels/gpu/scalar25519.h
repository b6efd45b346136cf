// Scalars modulo L = 2^252 + 27742317777372353535851937790883648493 on words of 32 bits: reduction
// of a hash, and digits. kernels/scalar25519.h explains the method.
#pragma once

#include "kernels/gpu/words.h"

SALUS_CONSTANT u32 kOrder25519[8] = {0x5cf5d3ed, 0x5812631a, 0xa2f79cd6, 0x14def9de,
                                     0x00000000, 0x00000000, 0x00000000, 0x10000000};

/// floor(2^512 / L).
SALUS_CONSTANT u32 kOrder25519Reciprocal[9] = {0x0a2c131b, 0xed9ce5a3, 0x086329a7,
                                               0x2106215d, 0xffffffeb, 0xffffffff,
                                               0xffffffff, 0xffffffff, 0x0000000f};

/// The 9 words from place 9 on of a times b, nine words each.
SALUS_FN void scalar_high_product(const u32 a[9], SALUS_CONSTANT_ARG u32* b, u32 high[9]) {
  u32 product[18];
  SALUS_UNROLL
  for (int i = 0; i < 9; ++i) product[i] = 0;
  SALUS_UNROLL
  for (int i = 0; i < 9; ++i) {
    u64 sum = 0;
    SALUS_UNROLL
    for (int j = 0; j < 9; ++j) {
      sum += (u64)a[i] * b[j] + product[i + j];
      product[i + j] = (u32)sum;
      sum >>= 32;
    }
    product[i + 9] = (u32)sum;
  }
  SALUS_UNROLL
  for (int i = 0; i < 9; ++i) high[i] = product[i + 9];
}

/// The low 9 words of a L.
SALUS_FN void scalar_low_product(const u32 a[9], u32 low[9]) {
  SALUS_UNROLL
  for (int i = 0; i < 9; ++i) low[i] = 0;
  SALUS_UNROLL
  for (int i = 0; i < 9; ++i) {
    u64 sum = 0;
    SALUS_UNROLL
    for (int j = 0; j < 9; ++j) {
      if (i + j >= 9) continue;
      if (j < 8) sum += (u64)a[i] * kOrder25519[j];
      sum += low[i + j];
      low[i + j] = (u32)sum;
      sum >>= 32;
    }
  }
}

/// a -= L unless that would be negative.
SALUS_FN void scalar_subtract_order(u32 a[9]) {
  u32 less[9];
  u64 difference = 0;
  SALUS_UNROLL
  for (int i = 0; i < 9; ++i) {
    difference = (u64)a[i] - (i < 8 ? kOrder25519[i < 8 ? i : 0] : 0u) - (difference >> 63);
    less[i] = (u32)difference;
  }
  const bool is_negative = difference >> 63 != 0;
  SALUS_UNROLL
  for (int i = 0; i < 9; ++i) a[i] = is_negative ? a[i] : less[i];
}

/// hash mod L by Barrett reduction in base 2^32: the quotient is at most 2 too small.
SALUS_CALL U256 scalar_reduce(U512 hash) {
  u32 quotient[9];
  scalar_high_product(hash.v + 7, kOrder25519Reciprocal, quotient);
  u32 multiple[9];
  scalar_low_product(quotient, multiple);
  u32 rest[9];
  u64 difference = 0;
  SALUS_UNROLL
  for (int i = 0; i < 9; ++i) {
    difference = (u64)hash.v[i] - multiple[i] - (difference >> 63);
    rest[i] = (u32)difference;
  }
  scalar_subtract_order(rest);
  scalar_subtract_order(rest);
  U256 r;
  SALUS_UNROLL
  for (int i = 0; i < 8; ++i) r.v[i] = rest[i];
  return r;
}

/// A digit of a scalar in memory to which half a window has been added at every digit but the top
/// one (kernels/scalar25519.h).
typedef struct {
  u32 magnitude;
  bool is_negative;
} Digit;

/// The digit of `bits` bits from bit `at` on.
SALUS_FN Digit window_digit(SALUS_GLOBAL const u32* scalar, u32 at, u32 bits, bool is_top) {
  const u32 word = at / 32;
  u64 pair = scalar[word];
  if (word < 7) pair |= (u64)scalar[word + 1] << 32;
  const u32 value = (u32)(pair >> at % 32) & ((1u << bits) - 1);
  const u32 half_window = is_top ? 0 : 1u << (bits - 1);
  Digit digit;
  digit.is_negative = value < half_window;
  digit.magnitude = digit.is_negative ? half_window - value : value - half_window;
  return digit;
}
