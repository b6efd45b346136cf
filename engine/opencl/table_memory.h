// Where comb tables of keys lie in an OpenCL device's memory.
#pragma once

#include <cstdint>

#include "engine/bytes.h"
#include "engine/opencl/device_context.h"

namespace salus::engine::opencl {

/// One buffer that grows as tables come. While it moves to a larger one, both are there.
class TableMemory {
 public:
  /// At most `bytes`, and no more than one allocation of the device holds.
  TableMemory(const DeviceContext& device, std::uint64_t bytes);

  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

  /// Copies a table to its place. Commands that read tables must be done.
  void store(std::uint64_t offset, Bytes table);

  /// Empty until there is a table.
  [[nodiscard]] const cl::Buffer& buffer() const { return buffer_; }

 private:
  void grow(std::uint64_t end);

  const DeviceContext& device_;
  std::uint64_t bytes_;
  cl::Buffer buffer_;
  std::uint64_t capacity_ = 0;
};

}  // namespace salus::engine::opencl
