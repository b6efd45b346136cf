#include "engine/cuda/table_memory.h"

#include <algorithm>

namespace salus::engine::cuda {
namespace {

constexpr std::uint64_t kLeastBytes = std::uint64_t{4} << 20;

}  // namespace

void TableMemory::store(std::uint64_t offset, Bytes table) {
  grow(offset + table.size());
  copy_to_device(memory_[current_].data() + offset, table.data(), table.size(), stream_);
  stream_.synchronize();
}

/// At least doubles the room, so that each table is moved about once.
void TableMemory::grow(std::uint64_t end) {
  DeviceMemory& old = memory_[current_];
  if (end <= old.size()) return;
  DeviceMemory& larger = memory_[current_ ^ 1];
  larger.reserve(std::min(bytes_, std::max<std::uint64_t>({end, 2 * old.size(), kLeastBytes})));
  copy_on_device(larger.data(), old.data(), old.size(), stream_);
  stream_.synchronize();
  old.reset();
  current_ ^= 1;
}

}  // namespace salus::engine::cuda
