// Tables of multiples in device memory: the base point's, and those of keys that come back.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/opencl/device_context.h"
#include "engine/signature/device/key_directory.h"

namespace salus::engine::opencl {

/// Comb tables (kernels/comb_ed25519.h), made on the host. Only keys that come back thousands of
/// times earn one, or those that a caller registers.
class Ed25519Tables {
 public:
  static constexpr unsigned kKeyBits = 8;  ///< A window; 393,216 bytes a key.

  /// Tables of keys take up at most `bytes`, and no more than one allocation of the device holds.
  Ed25519Tables(const DeviceContext& device, std::uint64_t bytes);

  [[nodiscard]] signature::device::KeyDirectory& directory() { return directory_; }

  /// Makes and copies tables for keys, 32 bytes each, as far as there are places. Commands that
  /// read tables must be done.
  void add(std::span<const signature::device::KeyDirectory::Key> keys);

  [[nodiscard]] const cl::Buffer& base() const { return base_; }
  /// Empty until a key has a table.
  [[nodiscard]] const cl::Buffer& keys() const { return keys_; }
  [[nodiscard]] static std::uint32_t words_per_key();

 private:
  void grow(std::size_t tables);

  const DeviceContext& device_;
  signature::device::KeyDirectory directory_;
  cl::Buffer base_;
  cl::Buffer keys_;
  std::size_t capacity_ = 0;  ///< Tables that `keys_` has room for.
};

}  // namespace salus::engine::opencl
