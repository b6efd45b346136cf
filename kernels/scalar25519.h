// Scalars modulo L = 2^252 + 27742317777372353535851937790883648493, the order of edwards25519's
// base point: reduction of a hash, and windows of digits. Numbers are words, the least significant
// first.
//
// Plain 64-bit code for one item: it takes a fraction of a percent of a verification.
#pragma once

#include "kernels/lanes64.h"

static constexpr u64 kOrder25519[4] = {0x5812631a5cf5d3ed, 0x14def9dea2f79cd6, 0,
                                       0x1000000000000000};

/// floor(2^512 / L).
static constexpr u64 kOrder25519Reciprocal[5] = {0xed9ce5a30a2c131b, 0x2106215d086329a7,
                                                 0xffffffffffffffeb, 0xffffffffffffffff, 0xf};

/// product[0..count) = the low words of a b, for a of 5 words and b of `size` words.
SALUS_FN void scalar_multiply(const u64 a[5], const u64* b, int size, u64* product, int count) {
  for (int i = 0; i < count; ++i) product[i] = 0;
  for (int i = 0; i < 5; ++i) {
    u64 carry = 0;
    for (int j = 0; j < size && i + j < count; ++j) {
      const unsigned __int128 sum =
          static_cast<unsigned __int128>(a[i]) * b[j] + product[i + j] + carry;
      product[i + j] = static_cast<u64>(sum);
      carry = static_cast<u64>(sum >> 64);
    }
    if (i + size < count) product[i + size] = carry;
  }
}

/// a -= b over `size` words; the result is the borrow.
SALUS_FN u64 scalar_subtract(u64* a, const u64* b, int size) {
  u64 borrow = 0;
  for (int i = 0; i < size; ++i) {
    const unsigned __int128 difference = static_cast<unsigned __int128>(a[i]) - b[i] - borrow;
    a[i] = static_cast<u64>(difference);
    borrow = static_cast<u64>(difference >> 64) & 1;
  }
  return borrow;
}

/// scalar = hash mod L by Barrett reduction (Menezes, van Oorschot, Vanstone, "Handbook of Applied
/// Cryptography", algorithm 14.42, in base 2^64): the quotient is at most 2 too small.
[[maybe_unused]] static void scalar_reduce(const u64 hash[8], u64 scalar[4]) {
  u64 product[10];
  scalar_multiply(hash + 3, kOrder25519Reciprocal, 5, product, 10);
  u64 multiple[5];
  scalar_multiply(product + 5, kOrder25519, 4, multiple, 5);
  u64 rest[5];
  for (int i = 0; i < 5; ++i) rest[i] = hash[i];
  scalar_subtract(rest, multiple, 5);
  constexpr u64 order[5] = {kOrder25519[0], kOrder25519[1], kOrder25519[2], kOrder25519[3], 0};
  for (int round = 0; round < 2; ++round) {
    u64 less[5];
    for (int i = 0; i < 5; ++i) less[i] = rest[i];
    if (scalar_subtract(less, order, 5) != 0) break;
    for (int i = 0; i < 5; ++i) rest[i] = less[i];
  }
  for (int i = 0; i < 4; ++i) scalar[i] = rest[i];
}

/// A scalar with half a window added to every digit but the top one, so that each digit can be read
/// by itself: what was added, subtracted from it, makes it signed. See `window_digit`.
///
/// `scalar` is below 2^253 and `bits` at most 16, so that nothing overflows.
SALUS_FN void scalar_offset_windows(const u64 scalar[4], int bits, u64 offset_scalar[4]) {
  u64 offset[4] = {};
  for (int at = bits - 1; at + 1 < 253; at += bits) offset[at / 64] |= 1UL << (at % 64);
  u64 carry = 0;
  for (int i = 0; i < 4; ++i) {
    const unsigned __int128 sum = static_cast<unsigned __int128>(scalar[i]) + offset[i] + carry;
    offset_scalar[i] = static_cast<u64>(sum);
    carry = static_cast<u64>(sum >> 64);
  }
}
