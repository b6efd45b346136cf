// One instruction set's ECDSA over P-256. Each variant is one small file (p256_ifma.cpp,
// p256_portable.cpp) that says how many lanes it has and includes the shared kernel sources.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/signature/signature.h"

namespace salus::engine::signature::cpu {

/// What the scalars of an item are made of: a signature whose form is right, and the hash.
struct P256SignedHash {
  const std::uint8_t* signature;  ///< 64 bytes
  const std::uint8_t* hash;       ///< 32 bytes, SHA-256 of the message
};

/// u1 = e/s, u2 = r/s and r, all below n, least significant words first.
struct P256Scalars {
  std::uint64_t u1[4];
  std::uint64_t u2[4];
  std::uint64_t r[4];
};

/// What the curve is asked: an item whose form is right, with its scalars.
struct P256CurveItem {
  const std::uint8_t* key;  ///< 65 bytes
  P256Scalars scalars;
};

/// What the curve is asked when the key's multiples are at hand.
struct P256RegisteredItem {
  const std::uint64_t* table;  ///< The key's comb table, made by `make_combs`.
  P256Scalars scalars;
};

/// A comb table (kernels/comb_p256.h) and its windows' bits.
struct P256Comb {
  const std::uint64_t* rows;
  int bits;
};

/// Bits of the base point's windows.
inline constexpr int kP256BaseBits = 10;

/// Words of a key's comb table for windows of `bits` bits, 4 to 10.
constexpr std::size_t p256_comb_words(int bits) {
  constexpr std::size_t kRowWords = 8;
  const auto windows = static_cast<std::size_t>((256 + bits - 1) / bits);
  return windows * (std::size_t{1} << (bits - 1)) * kRowWords;
}

/// All functions run on the calling thread, take any alignment and are safe from many threads.
struct P256Variant {
  const char* name;
  unsigned lanes;       ///< Items that are worked on at once: multiples of it are fastest.
  bool (*supported)();  ///< By CPUID and what the operating system saves.

  /// Writes the scalars of each item.
  void (*scalars)(const P256SignedHash* items, std::size_t count, P256Scalars* out);

  /// Decides each item: `valid`, `key_not_on_curve` or `mismatch`. `base` is `p256_base_comb()`.
  void (*decide)(const P256Comb& base, const P256CurveItem* items, std::size_t count, Reason* out);

  /// Fills tables[i], p256_comb_words(bits) words, with multiples of keys[i], 65 bytes each. Where
  /// is_on_curve[i] is false afterwards, the key is no point and the table of no use.
  void (*make_combs)(const std::uint8_t* const keys[], std::size_t count, int bits,
                     std::uint64_t* const tables[], bool* is_on_curve);

  /// Decides each item, `valid` or `mismatch`, by tables of keys with windows of `bits` bits.
  void (*decide_registered)(const P256Comb& base, int bits, const P256RegisteredItem* items,
                            std::size_t count, Reason* out);
};

extern const P256Variant kP256Ifma;
extern const P256Variant kP256Portable;

/// Every variant that was compiled in, fastest first; some may not run here.
std::span<const P256Variant* const> all_p256_variants();

/// The base point's comb table, made at the first call.
const P256Comb& p256_base_comb();

/// Fills `rows`, p256_comb_words(bits) words, with multiples of the base point; portable code.
void make_p256_base_comb(int bits, std::uint64_t* rows);

}  // namespace salus::engine::signature::cpu
