// Verification of signatures on a CUDA device.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "engine/cuda/runtime.h"
#include "engine/cuda/sizes.h"
#include "engine/cuda/table_memory.h"
#include "engine/signature/device/key_tables.h"
#include "kernels/cuda/signature_entry_points.h"

namespace salus::engine::cuda {

/// Batches of one call follow each other: while the kernels of one run, the next is packed into
/// pinned memory and copied, and the verdicts of the one before come back.
class SignatureVerifier {
 public:
  /// Tests the kernels. `key_bytes` bounds the tables of keys. Throws `Error` (device).
  SignatureVerifier(const Sizes& sizes, Stream& compute, std::uint64_t key_bytes);

  /// As Device::verify_signatures.
  void verify(std::span<const signature::Item> items, std::span<signature::Reason> out);

  /// As Device::register_keys.
  void register_keys(std::span<const signature::KeyView> keys) { tables_.add(keys); }

  [[nodiscard]] signature::PublicKeyCache& key_cache() { return tables_.cache(); }

 private:
  using Path = signature::device::Path;

  /// A batch in flight.
  struct Slot {
    PinnedMemory packed;
    DeviceMemory arena;
    DeviceMemory reasons;
    PinnedMemory answers;
    Event uploaded;
    Event computed;
    Event downloaded;
    std::span<const signature::device::Entry> entries;  ///< Empty when idle.
  };

  signature::device::SortedItems decide(std::span<const signature::Item> items,
                                        std::span<signature::Reason> out);
  void start_path(std::span<const signature::Item> items,
                  std::vector<signature::device::Entry>& entries, Path path,
                  std::span<signature::Reason> out);
  void start(Slot& slot, std::span<const signature::Item> items, Path path);
  void compute_ed25519(const kernels::cuda::SignatureBatch& batch, signature::TableSize size);
  void compute_p256(const kernels::cuda::SignatureBatch& batch, signature::TableSize size);
  [[nodiscard]] kernels::cuda::KeyTables key_tables(signature::TableSize size) const;
  static void collect(Slot& slot, std::span<signature::Reason> out);
  void test_kernels_for(signature::Algorithm algorithm);

  signature::device::BatchLimits limits_;
  std::size_t resident_threads_;
  kernels::cuda::Ed25519Entries ed25519_;
  kernels::cuda::P256Entries p256_;
  Stream& compute_;
  Stream upload_;
  Stream download_;
  TableMemory table_memory_;
  signature::device::KeyTables tables_;
  DeviceMemory ed25519_base_;
  DeviceMemory p256_base_;
  std::array<DeviceMemory, 3> offsets_;  ///< By the size of a key's table.
  // Used by one batch after the other, since all kernels are on one stream.
  DeviceMemory scalars_;
  DeviceMemory key_rows_;
  DeviceMemory sums_;  ///< P-256: signs.
  DeviceMemory products_;
  std::array<Slot, 3> slots_;
  std::size_t batches_ = 0;
};

}  // namespace salus::engine::cuda
