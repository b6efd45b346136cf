// Verification of signatures on a CUDA device.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "engine/cuda/runtime.h"
#include "engine/cuda/sizes.h"
#include "engine/signature/device/key_tables.h"
#include "kernels/cuda/signature_entry_points.h"

namespace salus::engine::cuda {

/// Comb tables in device memory, made on the host: the base point's, and those of keys that come
/// back.
class Ed25519Tables {
 public:
  /// Tables of keys take up at most `bytes`.
  Ed25519Tables(const Stream& stream, std::uint64_t bytes);

  [[nodiscard]] signature::device::KeyDirectory& directory() { return directory_; }

  /// Copies a key's table to its place. Kernels that read tables must be done.
  void store(std::uint32_t place, Bytes table);

  [[nodiscard]] const std::uint32_t* base() const { return base_.as<std::uint32_t>(); }
  [[nodiscard]] kernels::cuda::KeyTables keys() const;

 private:
  void grow(std::size_t tables);

  const Stream& stream_;
  signature::device::KeyDirectory directory_;
  DeviceMemory base_;
  /// In turn the tables and, while they move to a larger place, where they were.
  std::array<DeviceMemory, 2> keys_;
  unsigned current_ = 0;
};

/// Batches of one call follow each other: while the kernels of one run, the next is packed into
/// pinned memory and copied, and the verdicts of the one before come back.
class SignatureVerifier {
 public:
  /// Tests the kernels. `key_bytes` bounds the tables of keys. Throws `Error` (device).
  SignatureVerifier(const Sizes& sizes, Stream& compute, std::uint64_t key_bytes);

  /// As Device::verify_signatures.
  void verify(std::span<const signature::Item> items, std::span<signature::Reason> out);

  /// As Device::register_keys.
  void register_keys(std::span<const signature::KeyView> keys);

 private:
  using Entries = std::vector<signature::device::Entry>;
  enum class Path { ed25519, ed25519_registered, p256 };

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

  [[nodiscard]] signature::device::StoreTable store_table();
  void run(std::span<const signature::Item> items, Entries& entries, Path path,
           std::span<signature::Reason> out);
  void start(Slot& slot, std::span<const signature::Item> items, Path path);
  void compute_ed25519(const kernels::cuda::SignatureBatch& batch, bool registered);
  void compute_p256(const kernels::cuda::SignatureBatch& batch);
  static void collect(Slot& slot, std::span<signature::Reason> out);
  void test_ed25519();
  void test_p256();

  signature::device::BatchLimits limits_;
  std::size_t resident_threads_;
  kernels::cuda::Ed25519Entries ed25519_;
  kernels::cuda::P256Entries p256_;
  Stream& compute_;
  Stream upload_;
  Stream download_;
  Ed25519Tables tables_;
  // Used by one batch after the other, since all kernels are on one stream.
  DeviceMemory unknown_offsets_;
  DeviceMemory registered_offsets_;
  DeviceMemory p256_base_;
  DeviceMemory scalars_;
  DeviceMemory key_rows_;
  DeviceMemory sums_;  ///< P-256: signs.
  DeviceMemory products_;
  std::array<Slot, 3> slots_;
  std::size_t batches_ = 0;
};

}  // namespace salus::engine::cuda
