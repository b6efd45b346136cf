// What the CUDA backend launches to verify signatures: arguments shared by host and device, and the
// entry points.
#pragma once

#include <cstdint>

#include "kernels/gpu/signature_batch.h"

namespace salus::kernels::cuda {

/// A batch in device memory. Items' arrays are those of engine/signature/device/batch.h; the others
/// have SALUS_SCALAR_WORDS, SALUS_SUM_WORDS and 8 words an item.
struct SignatureBatch {
  std::uint32_t count;
  const std::uint32_t* arena;  ///< Begins with the slots; 16-byte aligned, as all that follow.
  const std::uint32_t* keys;
  const std::uint32_t* signatures;
  std::uint32_t* scalars;
  std::uint32_t* sums;
  std::uint32_t* products;
  std::uint8_t* reasons;
};

/// Comb tables of keys with windows of `bits` bits; slots say where each begins.
struct KeyTables {
  const std::uint32_t* tables;
  std::uint32_t bits;
};

/// In this order for each batch: the challenges, one of the sums, the verdicts.
struct Ed25519Entries {
  /// `offsets`: engine/signature/device/scalar_offsets.h.
  void (*challenge)(SignatureBatch batch, const std::uint32_t* offsets);
  /// `base` is the base point's comb table, `key_rows` SALUS_KEY_SCRATCH_WORDS
  /// words an item.
  void (*sum_unknown)(SignatureBatch batch, const std::uint32_t* base, std::uint32_t* key_rows);
  void (*sum_registered)(SignatureBatch batch, const std::uint32_t* base, KeyTables keys);
  /// `step` threads; each decides every step-th item.
  void (*finish)(SignatureBatch batch, std::uint32_t step);
};

Ed25519Entries ed25519_entries();

/// In this order for each batch, with one of the two for verifying. Of `sums` the first words, one
/// an item, hold signs here.
struct P256Entries {
  void (*hash)(SignatureBatch batch);
  /// `step` threads; each makes the scalars of every step-th item.
  void (*scalars)(SignatureBatch batch, std::uint32_t step);
  /// `base` is the base point's comb table; tables are in Montgomery form with R = 2^256. Both
  /// leave reasons open where an addition met an exception.
  void (*verify)(SignatureBatch batch, const std::uint32_t* base, std::uint32_t* key_rows);
  void (*verify_registered)(SignatureBatch batch, const std::uint32_t* base, KeyTables keys);
  void (*verify_open)(SignatureBatch batch);
};

P256Entries p256_entries();

}  // namespace salus::kernels::cuda
