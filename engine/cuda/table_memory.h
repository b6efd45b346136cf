// Where comb tables of keys lie in a CUDA device's memory.
#pragma once

#include <array>
#include <cstdint>

#include "engine/bytes.h"
#include "engine/cuda/runtime.h"

namespace salus::engine::cuda {

/// One stretch of memory that grows as tables come. While it moves to a larger one, both are there.
class TableMemory {
 public:
  /// At most `bytes`. Copies run on `stream`.
  TableMemory(const Stream& stream, std::uint64_t bytes) : stream_(stream), bytes_(bytes) {}

  /// Copies a table to its place. Kernels that read tables must be done.
  void store(std::uint64_t offset, Bytes table);

  /// Null until there is a table.
  [[nodiscard]] const std::uint32_t* words() const { return memory_[current_].as<std::uint32_t>(); }

 private:
  void grow(std::uint64_t end);

  const Stream& stream_;
  std::uint64_t bytes_;
  /// In turn the tables and, while they move, where they were.
  std::array<DeviceMemory, 2> memory_;
  unsigned current_ = 0;
};

}  // namespace salus::engine::cuda
