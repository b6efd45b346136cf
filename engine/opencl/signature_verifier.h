// Verification of signatures on an OpenCL device.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "engine/opencl/signature_kernels.h"
#include "engine/opencl/table_memory.h"
#include "engine/opencl/upload_buffer.h"
#include "engine/signature/device/batch.h"
#include "engine/signature/device/key_tables.h"

namespace salus::engine::opencl {

/// Batches go to the device one after the other, several in flight: while the kernels of one run,
/// the next is packed and copied.
class SignatureVerifier {
 public:
  /// Builds the kernels, or takes them from the cache, and tests them. `key_bytes` bounds the
  /// tables of keys. Throws `Error` (device).
  SignatureVerifier(const DeviceContext& device, const ProgramCache& cache,
                    std::uint64_t key_bytes);

  /// As Device::verify_signatures.
  void verify(std::span<const signature::Item> items, std::span<signature::Reason> out);

  /// As Device::register_keys.
  void register_keys(std::span<const signature::KeyView> keys);

  [[nodiscard]] signature::PublicKeyCache& key_cache() { return tables_.cache(); }

 private:
  using Path = signature::device::Path;

  /// What a batch in flight uses.
  struct Slot {
    cl::CommandQueue queue;
    std::unique_ptr<UploadBuffer> arena;
    cl::Buffer scalars;
    cl::Buffer key_rows;
    cl::Buffer sums;  ///< P-256: signs.
    cl::Buffer products;
    cl::Buffer reasons;
    std::vector<std::uint8_t> answers;
    std::span<const signature::device::Entry> entries;  ///< Of the batch; empty when idle.
    cl::Event done;
  };
  static constexpr std::size_t kSlots = 3;

  Slot make_slot(const cl::CommandQueue& queue) const;
  void need_kernels_for(signature::Algorithm algorithm);
  void test_kernels_for(signature::Algorithm algorithm);
  signature::device::SortedItems decide(std::span<const signature::Item> items,
                                        std::span<signature::Reason> out);
  void start_path(std::span<const signature::Item> items,
                  std::vector<signature::device::Entry>& entries, Path path,
                  std::span<signature::Reason> out);
  void start(Slot& slot, std::span<const signature::Item> items, Path path);
  void enqueue_ed25519(Slot& slot, const signature::device::BatchLayout& layout,
                       signature::TableSize size);
  void enqueue_p256(Slot& slot, const signature::device::BatchLayout& layout,
                    signature::TableSize size);
  static void collect(Slot& slot, std::span<signature::Reason> out);

  const DeviceContext& device_;
  const ProgramCache& cache_;
  Layout layout_;
  signature::device::BatchLimits limits_;
  TableMemory table_memory_;
  signature::device::KeyTables tables_;
  std::unique_ptr<Ed25519Kernels> ed25519_;  ///< Made and tested when first needed.
  std::unique_ptr<P256Kernels> p256_;        ///< Likewise.
  std::array<Slot, kSlots> slots_;
  std::size_t batches_ = 0;
};

}  // namespace salus::engine::opencl
