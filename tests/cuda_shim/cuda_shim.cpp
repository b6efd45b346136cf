#include "cuda_shim.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <limits>
#include <map>
#include <set>

struct CudaShimEvent {
  CudaShimStream* stream = nullptr;  // where it was last recorded
  std::size_t position = 0;          // after how many operations of that stream
};

struct CudaShimStream {
  std::deque<std::function<void()>> queue;
  std::size_t done = 0;
  std::size_t queued = 0;
};

namespace cuda_shim {
namespace {

constexpr std::size_t kDeviceMemory = std::size_t{256} << 20;
constexpr std::size_t kAlignment = 256;  // what cudaMalloc promises at least

struct State {
  Order order = Order::late;
  Driver driver;
  std::size_t calls = 0;
  std::size_t failing_call = 0;
  cudaError_t failure = cudaSuccess;
  bool failure_is_sticky = false;
  cudaError_t lost = cudaSuccess;
  std::size_t copies = 0;
  std::size_t corrupted_copy = 0;
  std::size_t memory_limit = kDeviceMemory;
  std::size_t memory_used = 0;
  std::map<void*, std::size_t> device_memory;
  std::set<void*> pinned_memory;
  std::set<CudaShimStream*> streams;
  std::set<CudaShimEvent*> events;
};

State& state() {
  static State instance;
  return instance;
}

/// Counts a call; what it returns instead of doing its work, if anything.
cudaError_t enter() {
  State& s = state();
  ++s.calls;
  if (s.lost != cudaSuccess) return s.lost;
  if (s.calls != s.failing_call) return cudaSuccess;
  if (s.failure_is_sticky) s.lost = s.failure;
  return s.failure;
}

void run_until(CudaShimStream& stream, std::size_t position) {
  while (stream.done < position && !stream.queue.empty()) {
    const std::function<void()> operation = std::move(stream.queue.front());
    stream.queue.pop_front();
    // Nothing runs on a lost device.
    if (state().lost == cudaSuccess) operation();
    ++stream.done;
  }
}

void run_all() {
  for (CudaShimStream* stream : state().streams) run_until(*stream, stream->queued);
}

cudaError_t queue(cudaStream_t stream, std::function<void()> operation) {
  stream->queue.push_back(std::move(operation));
  ++stream->queued;
  if (state().order == Order::early) run_until(*stream, stream->queued);
  return cudaSuccess;
}

void* allocate(std::size_t bytes) {
  const std::size_t rounded = (bytes + kAlignment - 1) / kAlignment * kAlignment;
  void* const memory = std::aligned_alloc(kAlignment, rounded);
  // As on a device, what is in fresh memory is nobody's business.
  if (memory != nullptr) std::memset(memory, 0xa5, rounded);
  return memory;
}

}  // namespace

void reset(Order order) {
  State& s = state();
  s.order = order;
  s.driver = {};
  s.calls = s.failing_call = s.copies = s.corrupted_copy = 0;
  s.failure = s.lost = cudaSuccess;
  s.failure_is_sticky = false;
  s.memory_limit = kDeviceMemory;
}

void set_driver(const Driver& driver) { state().driver = driver; }

void fail_call(std::size_t number, cudaError_t error, bool sticky) {
  state().failing_call = number;
  state().failure = error;
  state().failure_is_sticky = sticky;
}

std::size_t calls() { return state().calls; }

void corrupt_copy_to_host(std::size_t number) { state().corrupted_copy = number; }

std::size_t copies_to_host() { return state().copies; }

std::size_t live_resources() {
  const State& s = state();
  return s.device_memory.size() + s.pinned_memory.size() + s.streams.size() + s.events.size();
}

void set_memory_limit(std::size_t bytes) { state().memory_limit = bytes; }

cudaError_t queue_grid(dim3 grid, dim3 block, cudaStream_t stream, std::function<void()> thread) {
  if (const cudaError_t error = enter(); error != cudaSuccess) return error;
  if (grid.x == 0 || grid.x > 0x7fffffffu || block.x == 0 || block.x > 1024)
    return cudaErrorInvalidConfiguration;
  return queue(stream, [grid, block, thread = std::move(thread)] {
    blockDim = block;
    gridDim = grid;
    for (blockIdx.x = 0; blockIdx.x < grid.x; ++blockIdx.x)
      for (threadIdx.x = 0; threadIdx.x < block.x; ++threadIdx.x) thread();
  });
}

}  // namespace cuda_shim

using cuda_shim::enter;
using cuda_shim::state;

const char* cudaGetErrorName(cudaError_t error) {
  switch (error) {
    case cudaSuccess: return "cudaSuccess";
    case cudaErrorInvalidValue: return "cudaErrorInvalidValue";
    case cudaErrorMemoryAllocation: return "cudaErrorMemoryAllocation";
    case cudaErrorInvalidConfiguration: return "cudaErrorInvalidConfiguration";
    case cudaErrorInsufficientDriver: return "cudaErrorInsufficientDriver";
    case cudaErrorNoDevice: return "cudaErrorNoDevice";
    case cudaErrorInvalidDevice: return "cudaErrorInvalidDevice";
    case cudaErrorOperatingSystem: return "cudaErrorOperatingSystem";
    case cudaErrorIllegalAddress: return "cudaErrorIllegalAddress";
    case cudaErrorLaunchFailure: return "cudaErrorLaunchFailure";
    case cudaErrorUnknown: return "cudaErrorUnknown";
  }
  return "cudaErrorUnknown";
}

const char* cudaGetErrorString(cudaError_t error) {
  return error == cudaErrorMemoryAllocation ? "out of memory" : cudaGetErrorName(error);
}

cudaError_t cudaGetLastError() { return state().lost; }

cudaError_t cudaDriverGetVersion(int* version) {
  *version = state().driver.version;
  return cudaSuccess;
}

cudaError_t cudaRuntimeGetVersion(int* version) {
  *version = 13000;
  return cudaSuccess;
}

cudaError_t cudaGetDeviceCount(int* count) {
  *count = state().driver.device_count;
  return state().driver.status;
}

cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int device) {
  if (const cudaError_t error = enter(); error != cudaSuccess) return error;
  if (device >= state().driver.device_count) return cudaErrorInvalidDevice;
  std::snprintf(properties->name, sizeof properties->name, "Host shim");
  properties->totalGlobalMem = cuda_shim::kDeviceMemory;
  properties->multiProcessorCount = 1;
  return cudaSuccess;
}

cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr attribute, int) {
  if (const cudaError_t error = enter(); error != cudaSuccess) return error;
  // Few threads, so that small tests need several batches and launches.
  *value = attribute == cudaDevAttrMaxThreadsPerMultiProcessor ? 32 : 1000000;
  return cudaSuccess;
}

cudaError_t cudaDeviceGetPCIBusId(char* text, int length, int) {
  if (const cudaError_t error = enter(); error != cudaSuccess) return error;
  std::snprintf(text, static_cast<std::size_t>(length), "0000:1A:00.0");
  return cudaSuccess;
}

cudaError_t cudaSetDevice(int) { return enter(); }

cudaError_t cudaDeviceSynchronize() {
  cuda_shim::run_all();
  return enter();
}

cudaError_t cudaMalloc(void** memory, std::size_t bytes) {
  if (const cudaError_t error = enter(); error != cudaSuccess) return error;
  auto& s = state();
  if (bytes > s.memory_limit - s.memory_used) return cudaErrorMemoryAllocation;
  *memory = cuda_shim::allocate(bytes);
  if (*memory == nullptr) return cudaErrorMemoryAllocation;
  s.memory_used += bytes;
  s.device_memory[*memory] = bytes;
  return cudaSuccess;
}

// Freeing works on a lost device too, so that tests can tell a leak from a loss.
cudaError_t cudaFree(void* memory) {
  const cudaError_t error = enter();
  cuda_shim::run_all();
  auto& s = state();
  if (const auto found = s.device_memory.find(memory); found != s.device_memory.end()) {
    s.memory_used -= found->second;
    s.device_memory.erase(found);
    std::free(memory);
  }
  return error;
}

cudaError_t cudaMallocHost(void** memory, std::size_t bytes) {
  if (const cudaError_t error = enter(); error != cudaSuccess) return error;
  *memory = cuda_shim::allocate(bytes);
  state().pinned_memory.insert(*memory);
  return cudaSuccess;
}

cudaError_t cudaFreeHost(void* memory) {
  const cudaError_t error = enter();
  cuda_shim::run_all();
  if (state().pinned_memory.erase(memory) != 0) std::free(memory);
  return error;
}

cudaError_t cudaMemcpyAsync(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind,
                            cudaStream_t stream) {
  if (const cudaError_t error = enter(); error != cudaSuccess) return error;
  auto& s = state();
  bool corrupt = false;
  if (kind == cudaMemcpyDeviceToHost) corrupt = ++s.copies == s.corrupted_copy;
  return cuda_shim::queue(stream, [=] {
    std::memmove(to, from, bytes);
    if (corrupt) static_cast<unsigned char*>(to)[bytes > 17 ? 17 : 0] ^= 0x10;
  });
}

cudaError_t cudaMemsetAsync(void* to, int value, std::size_t bytes, cudaStream_t stream) {
  if (const cudaError_t error = enter(); error != cudaSuccess) return error;
  return cuda_shim::queue(stream, [=] { std::memset(to, value, bytes); });
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned) {
  if (const cudaError_t error = enter(); error != cudaSuccess) return error;
  *stream = new CudaShimStream;
  state().streams.insert(*stream);
  return cudaSuccess;
}

cudaError_t cudaStreamDestroy(cudaStream_t stream) {
  const cudaError_t error = enter();
  if (state().streams.count(stream) == 0) return cudaErrorInvalidValue;
  cuda_shim::run_until(*stream, stream->queued);
  state().streams.erase(stream);
  for (CudaShimEvent* event : state().events)
    if (event->stream == stream) event->stream = nullptr;
  delete stream;
  return error;
}

cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
  if (const cudaError_t error = enter(); error != cudaSuccess) return error;
  cuda_shim::run_until(*stream, stream->queued);
  return state().lost;
}

cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned) {
  if (const cudaError_t error = enter(); error != cudaSuccess) return error;
  CudaShimStream* const other = event->stream;
  const std::size_t position = event->position;
  if (other == nullptr || other == stream) return cudaSuccess;
  return cuda_shim::queue(stream, [=] {
    if (state().streams.count(other) != 0) cuda_shim::run_until(*other, position);
  });
}

cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned) {
  if (const cudaError_t error = enter(); error != cudaSuccess) return error;
  *event = new CudaShimEvent;
  state().events.insert(*event);
  return cudaSuccess;
}

cudaError_t cudaEventDestroy(cudaEvent_t event) {
  const cudaError_t error = enter();
  if (state().events.erase(event) == 0) return cudaErrorInvalidValue;
  delete event;
  return error;
}

cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
  if (const cudaError_t error = enter(); error != cudaSuccess) return error;
  event->stream = stream;
  event->position = stream->queued;
  return cudaSuccess;
}

cudaError_t cudaEventSynchronize(cudaEvent_t event) {
  if (const cudaError_t error = enter(); error != cudaSuccess) return error;
  if (event->stream != nullptr) cuda_shim::run_until(*event->stream, event->position);
  return state().lost;
}

cudaError_t cudaEventElapsedTime(float* milliseconds, cudaEvent_t, cudaEvent_t) {
  if (const cudaError_t error = enter(); error != cudaSuccess) return error;
  *milliseconds = 25.0f;
  return cudaSuccess;
}
