// One instruction set's Ed25519. Each variant is one small file (ed25519_ifma.cpp,
// ed25519_avx2.cpp, ed25519_portable.cpp) that says how many lanes it has and includes the shared
// kernel sources.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/signature/signature.h"

namespace salus::engine::signature::cpu {

/// What the challenge k = SHA-512(R || A || M) mod L is made of.
struct ChallengeItem {
  const std::uint8_t* r;    ///< 32 bytes
  const std::uint8_t* key;  ///< 32 bytes
  const std::uint8_t* message;
  std::size_t message_size;
};

/// What the curve is asked: an item whose form is right, with its challenge.
struct CurveItem {
  const std::uint8_t* key;        ///< 32 bytes
  const std::uint8_t* signature;  ///< 64 bytes
  std::uint64_t k[4];             ///< Below L, least significant word first.
};

/// Multiples 0 to 512 of the base point as (y + x, y - x, 2 d x y) in limbs of 51 bits, a row each.
struct BaseTable {
  static constexpr std::size_t kRows = 513;
  static constexpr std::size_t kRowWords = 16;
  alignas(64) std::uint64_t rows[kRows][kRowWords];
};

/// What the curve is asked when the key's multiples are at hand.
struct RegisteredItem {
  const std::uint64_t* table;     ///< The key's comb table, made by `make_combs`.
  const std::uint8_t* signature;  ///< 64 bytes
  std::uint64_t k[4];             ///< Below L, least significant word first.
};

/// A comb table (kernels/comb_ed25519.h) and its windows' bits.
struct CombTable {
  const std::uint64_t* rows;
  int bits;
};

/// Words of a key's comb table for windows of `bits` bits, 4 to 10.
constexpr std::size_t comb_words(int bits) {
  constexpr std::size_t kRowWords = 12;
  const auto windows = static_cast<std::size_t>((254 + bits - 1) / bits);
  return windows * (std::size_t{1} << (bits - 1)) * kRowWords;
}

/// All functions run on the calling thread, take any alignment and are safe from many threads.
struct Ed25519Variant {
  const char* name;
  unsigned lanes;       ///< Items that are worked on at once: multiples of it are fastest.
  bool (*supported)();  ///< By CPUID and what the operating system saves.

  /// Writes the challenge of each item. Fastest when neighbours have about the same length.
  void (*challenges)(const ChallengeItem* items, std::size_t count, std::uint64_t (*k)[4]);

  /// Decides each item: `valid`, `key_not_on_curve` or `mismatch`.
  void (*decide)(const BaseTable& base, const CurveItem* items, std::size_t count, Reason* out);

  /// Fills tables[i], comb_words(bits) words, with multiples of the negative of keys[i], 32 bytes
  /// each. Where is_on_curve[i] is false afterwards, the key is no point and the table of no use.
  void (*make_combs)(const std::uint8_t* const keys[], std::size_t count, int bits,
                     std::uint64_t* const tables[], bool* is_on_curve);

  /// Decides each item, `valid` or `mismatch`, by tables of keys with windows of `bits` bits.
  void (*decide_registered)(const CombTable& base, int bits, const RegisteredItem* items,
                            std::size_t count, Reason* out);
};

extern const Ed25519Variant kEd25519Ifma;
extern const Ed25519Variant kEd25519Avx2;
extern const Ed25519Variant kEd25519Portable;

/// Every variant that was compiled in, fastest first; some may not run here.
std::span<const Ed25519Variant* const> all_ed25519_variants();

/// The table that all variants share, made at the first call.
const BaseTable& base_table();

/// The base point's comb table for `decide_registered`, made at the first call.
const CombTable& base_comb();

/// Reduces SHA-512's output modulo L; portable code.
void reduce_challenge(const std::uint64_t hash[8], std::uint64_t k[4]);

/// Fills `table`; portable code.
void make_base_table(BaseTable& table);

/// Fills `rows`, comb_words(bits) words, with multiples of the base point; portable code.
void make_base_comb(int bits, std::uint64_t* rows);

}  // namespace salus::engine::signature::cpu
