#include "engine/opencl/upload_buffer.h"

namespace salus::engine::opencl {

UploadBuffer::UploadBuffer(const DeviceContext& device, std::size_t capacity)
    : unified_(device.unified_memory), capacity_(capacity) {
  if (unified_) {
    buffer_ = cl::Buffer(device.context, CL_MEM_READ_ONLY | CL_MEM_ALLOC_HOST_PTR, capacity);
    return;
  }
  buffer_ = cl::Buffer(device.context, CL_MEM_READ_ONLY, capacity);
  pinned_ = cl::Buffer(device.context, CL_MEM_READ_WRITE | CL_MEM_ALLOC_HOST_PTR, capacity);
  pinned_queue_ = device.queues[0];
  mapped_ = pinned_queue_.enqueueMapBuffer(pinned_, CL_TRUE, CL_MAP_WRITE, 0, capacity);
}

UploadBuffer::~UploadBuffer() {
  if (mapped_ == nullptr) return;
  try {
    pinned_queue_.enqueueUnmapMemObject(pinned_, mapped_);
    pinned_queue_.finish();
  } catch (const cl::Error&) {  // a lost device has nothing left to unmap
  }
}

std::span<std::uint8_t> UploadBuffer::begin(const cl::CommandQueue& queue) {
  if (unified_) {
    mapped_ =
        queue.enqueueMapBuffer(buffer_, CL_TRUE, CL_MAP_WRITE_INVALIDATE_REGION, 0, capacity_);
  }
  return {static_cast<std::uint8_t*>(mapped_), capacity_};
}

void UploadBuffer::submit(const cl::CommandQueue& queue, std::size_t size) {
  if (unified_) {
    queue.enqueueUnmapMemObject(buffer_, mapped_);
    mapped_ = nullptr;
  } else {
    queue.enqueueWriteBuffer(buffer_, CL_FALSE, 0, size, mapped_);
  }
}

}  // namespace salus::engine::opencl
