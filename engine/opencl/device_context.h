// An opened device: its OpenCL context, queues and the limits that work on it has to keep.
#pragma once

#include "engine/opencl/device_list.h"

#include <array>
#include <cstddef>

namespace salus::engine::opencl {

/// Two in-order queues: while one computes, the other copies.
inline constexpr std::size_t kQueues = 2;

struct DeviceContext {
  explicit DeviceContext(ListedDevice listed);

  ListedDevice listed;
  std::string id;  ///< "opencl:0", for messages.
  cl::Context context;
  std::array<cl::CommandQueue, kQueues> queues;
  bool unified_memory;    ///< Host and device share memory: mapping a buffer copies nothing.
  std::size_t max_alloc;  ///< Bytes in one buffer at most.
  std::size_t compute_units;
};

/// How kernels are laid out on a device.
struct Layout {
  unsigned lanes = 1;        ///< SALUS_LANES
  std::size_t local = 1;     ///< Work-items in a work-group.
  bool short_chain = false;  ///< SALUS_SHORT_CHAIN: more adds, less waiting for their results.
  bool calls = false;        ///< SALUS_CALLS: large functions are called, not copied.

  friend bool operator==(const Layout&, const Layout&) = default;
};

/// "16 lanes, groups of 1, short chain".
std::string to_string(const Layout& layout);

/// Enqueues `kernel` for at least `items` work-items in whole work-groups.
void enqueue(const cl::CommandQueue& queue, const cl::Kernel& kernel, const Layout& layout,
             std::size_t items, cl::Event* done = nullptr,
             const std::vector<cl::Event>* after = nullptr);

/// Sets all arguments in order.
template <typename... Args>
void set_args(cl::Kernel& kernel, const Args&... args) {
  cl_uint index = 0;
  (kernel.setArg(index++, args), ...);
}

}  // namespace salus::engine::opencl
