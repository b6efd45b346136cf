#include "engine/opencl/ed25519_tables.h"

#include <algorithm>

namespace salus::engine::opencl {
namespace {

std::size_t places(const DeviceContext& device, std::uint64_t bytes) {
  return std::min<std::uint64_t>(bytes, device.max_alloc) / signature::device::key_table_bytes();
}

}  // namespace

Ed25519Tables::Ed25519Tables(const DeviceContext& device, std::uint64_t bytes)
    : device_(device), directory_(places(device, bytes), signature::device::kUsesForTable) {
  const Bytes base = signature::device::ed25519_base_table();
  base_ = cl::Buffer(device.context, CL_MEM_READ_ONLY, base.size());
  device.queues[0].enqueueWriteBuffer(base_, CL_TRUE, 0, base.size(), base.data());
}

void Ed25519Tables::store(std::uint32_t place, Bytes table) {
  grow(std::size_t{place} + 1);
  device_.queues[0].enqueueWriteBuffer(keys_, CL_TRUE, place * table.size(), table.size(),
                                       table.data());
}

/// Doubles the room, so that each table is moved about once.
void Ed25519Tables::grow(std::size_t tables) {
  if (tables <= capacity_) return;
  const std::size_t table_bytes = signature::device::key_table_bytes();
  const std::size_t capacity =
      std::min(std::max<std::size_t>(2 * capacity_, 16), directory_.places());
  cl::Buffer larger(device_.context, CL_MEM_READ_ONLY, capacity * table_bytes);
  if (capacity_ != 0) {
    device_.queues[0].enqueueCopyBuffer(keys_, larger, 0, 0, capacity_ * table_bytes);
    device_.queues[0].finish();
  }
  keys_ = larger;
  capacity_ = capacity;
}

}  // namespace salus::engine::opencl
