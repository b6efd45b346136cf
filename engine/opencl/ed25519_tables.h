// Tables of multiples in device memory: the base point's, and those of keys that come back.
#pragma once

#include <cstdint>

#include "engine/opencl/device_context.h"
#include "engine/signature/device/key_tables.h"

namespace salus::engine::opencl {

/// Comb tables, made on the host.
class Ed25519Tables {
 public:
  /// Tables of keys take up at most `bytes`, and no more than one allocation of the device holds.
  Ed25519Tables(const DeviceContext& device, std::uint64_t bytes);

  [[nodiscard]] signature::device::KeyDirectory& directory() { return directory_; }

  /// Copies a key's table to its place. Commands that read tables must be done.
  void store(std::uint32_t place, Bytes table);

  [[nodiscard]] const cl::Buffer& base() const { return base_; }
  /// Empty until a key has a table.
  [[nodiscard]] const cl::Buffer& keys() const { return keys_; }

 private:
  void grow(std::size_t tables);

  const DeviceContext& device_;
  signature::device::KeyDirectory directory_;
  cl::Buffer base_;
  cl::Buffer keys_;
  std::size_t capacity_ = 0;  ///< Tables that `keys_` has room for.
};

}  // namespace salus::engine::opencl
