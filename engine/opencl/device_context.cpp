#include "engine/opencl/device_context.h"

#include <fmt/format.h>

#include <algorithm>

namespace salus::engine::opencl {

DeviceContext::DeviceContext(ListedDevice device)
    : listed(std::move(device)),
      id(listed.info.id()),
      context(listed.device),
      unified_memory(listed.device.getInfo<CL_DEVICE_HOST_UNIFIED_MEMORY>() == CL_TRUE),
      max_alloc(listed.device.getInfo<CL_DEVICE_MAX_MEM_ALLOC_SIZE>()),
      compute_units(std::max(1u, listed.info.compute_units)) {
  for (cl::CommandQueue& queue : queues) {
    queue = cl::CommandQueue(context, listed.device, CL_QUEUE_PROFILING_ENABLE);
  }
}

std::string to_string(const Layout& layout) {
  return fmt::format("{} lanes, groups of {}{}", layout.lanes, layout.local,
                     layout.short_chain ? ", short chain" : "");
}

void enqueue(const cl::CommandQueue& queue, const cl::Kernel& kernel, const Layout& layout,
             std::size_t items, cl::Event* done, const std::vector<cl::Event>* after) {
  const std::size_t groups = (items + layout.local - 1) / layout.local;
  queue.enqueueNDRangeKernel(kernel, cl::NullRange, cl::NDRange(groups * layout.local),
                             cl::NDRange(layout.local), after, done);
}

}  // namespace salus::engine::opencl
