// Host memory that a device reads next, with as few copies as the device allows.
#pragma once

#include "engine/opencl/device_context.h"

#include <cstdint>
#include <span>

namespace salus::engine::opencl {

/// A buffer that is filled on the host and read by kernels. Where memory is unified the host writes
/// the device's buffer through a mapping; else it writes pinned memory, which is copied.
class UploadBuffer {
 public:
  UploadBuffer(const DeviceContext& device, std::size_t capacity);
  ~UploadBuffer();
  UploadBuffer(const UploadBuffer&) = delete;
  UploadBuffer& operator=(const UploadBuffer&) = delete;

  /// Memory to fill. Commands that read the former contents must be done.
  std::span<std::uint8_t> begin(const cl::CommandQueue& queue);

  /// Makes the first `size` bytes visible to commands that follow in `queue`.
  void submit(const cl::CommandQueue& queue, std::size_t size);

  [[nodiscard]] const cl::Buffer& buffer() const { return buffer_; }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }

 private:
  bool unified_;
  std::size_t capacity_;
  cl::Buffer buffer_;
  cl::Buffer pinned_;  // only where memory is not unified
  cl::CommandQueue pinned_queue_;
  void* mapped_ = nullptr;
};

}  // namespace salus::engine::opencl
