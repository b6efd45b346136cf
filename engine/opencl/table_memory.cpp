#include "engine/opencl/table_memory.h"

#include <algorithm>

namespace salus::engine::opencl {
namespace {

constexpr std::uint64_t kLeastBytes = std::uint64_t{4} << 20;

}  // namespace

TableMemory::TableMemory(const DeviceContext& device, std::uint64_t bytes)
    : device_(device), bytes_(std::min<std::uint64_t>(bytes, device.max_alloc)) {}

void TableMemory::store(std::uint64_t offset, Bytes table) {
  grow(offset + table.size());
  device_.queues[0].enqueueWriteBuffer(buffer_, CL_TRUE, offset, table.size(), table.data());
}

/// At least doubles the room, so that each table is moved about once.
void TableMemory::grow(std::uint64_t end) {
  if (end <= capacity_) return;
  const std::uint64_t capacity = std::min(bytes_, std::max({end, 2 * capacity_, kLeastBytes}));
  cl::Buffer larger(device_.context, CL_MEM_READ_ONLY, capacity);
  if (capacity_ != 0) {
    device_.queues[0].enqueueCopyBuffer(buffer_, larger, 0, 0, capacity_);
    device_.queues[0].finish();
  }
  buffer_ = larger;
  capacity_ = capacity;
}

}  // namespace salus::engine::opencl
