// The CUDA runtime as the backend uses it: errors as exceptions, resources owned by objects.
//
// The host shim (tests/cuda_shim) takes the place of <cuda_runtime.h> in tests.
#pragma once

#include <cuda_runtime.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace salus::engine::cuda {

/// Throws `Error` (device) with the error's name unless `status` is success. `what` says what was
/// tried: "copy to the device".
void check(cudaError_t status, const char* what);

/// A CUDA stream that does not wait for the default stream.
class Stream {
 public:
  Stream();
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  [[nodiscard]] cudaStream_t get() const { return stream_; }
  void synchronize() const;

 private:
  cudaStream_t stream_ = nullptr;
};

/// A point in a stream's work.
class Event {
 public:
  enum class Timing { off, on };
  explicit Event(Timing timing = Timing::off);
  ~Event();
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  void record(const Stream& stream);
  /// Blocks the host until the work before the last `record` is done; at once if there was none.
  void synchronize() const;
  /// Makes what is queued on `stream` from now on wait for the last `record`.
  void block(const Stream& stream) const;
  [[nodiscard]] float milliseconds_since(const Event& start) const;

 private:
  cudaEvent_t event_ = nullptr;
};

/// Owns memory of one kind and grows on demand. Growing drops the contents; the caller has made
/// sure that nothing queued still uses them.
template <cudaError_t (*Allocate)(void**, std::size_t), cudaError_t (*Free)(void*)>
class Memory {
 public:
  Memory() = default;
  explicit Memory(std::size_t bytes) { reserve(bytes); }
  ~Memory() { reset(); }
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  void reserve(std::size_t bytes) {
    if (bytes <= size_) return;
    reset();
    void* data = nullptr;
    check(Allocate(&data, bytes), "allocate memory");
    data_ = static_cast<std::uint8_t*>(data);
    size_ = bytes;
  }
  void reset() {
    if (data_ != nullptr) static_cast<void>(Free(data_));
    data_ = nullptr;
    size_ = 0;
  }
  [[nodiscard]] std::uint8_t* data() const { return data_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  template <class T>
  [[nodiscard]] T* as() const {
    return reinterpret_cast<T*>(data_);
  }

 private:
  std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

namespace detail {
inline cudaError_t allocate_device(void** data, std::size_t bytes) {
  return cudaMalloc(data, bytes);
}
inline cudaError_t allocate_pinned(void** data, std::size_t bytes) {
  return cudaMallocHost(data, bytes);
}
}  // namespace detail

using DeviceMemory = Memory<detail::allocate_device, cudaFree>;
/// Host memory that the device's copy engines reach by themselves.
using PinnedMemory = Memory<detail::allocate_pinned, cudaFreeHost>;

void copy_to_device(std::uint8_t* to, const std::uint8_t* from, std::size_t bytes,
                    const Stream& stream);
void copy_to_host(std::uint8_t* to, const std::uint8_t* from, std::size_t bytes,
                  const Stream& stream);
void copy_on_device(std::uint8_t* to, const std::uint8_t* from, std::size_t bytes,
                    const Stream& stream);
void fill_zero(std::uint8_t* to, std::size_t bytes, const Stream& stream);

/// Queues `kernel` with at least `threads` threads, `block` of them in each block.
template <class... Parameters>
void launch(const Stream& stream, const char* what, void (*kernel)(Parameters...),
            std::uint64_t threads, unsigned block, std::type_identity_t<Parameters>... arguments) {
  const auto blocks = static_cast<unsigned>((threads + block - 1) / block);
  void* pointers[] = {&arguments...};
  check(cudaLaunchKernel(kernel, dim3(blocks), dim3(block), pointers, 0, stream.get()), what);
}

}  // namespace salus::engine::cuda
