// Why there is no CUDA device, in words that say what to do.
#pragma once

#include <cuda_runtime.h>

#include "engine/device.h"

namespace salus::engine::cuda {

/// What was found when devices were looked for.
struct DriverFindings {
  cudaError_t status = cudaSuccess;  ///< Of cudaGetDeviceCount.
  int device_count = 0;
  int driver_version = 0;   ///< As CUDA counts: 1000 major + 10 minor; 0 without a driver library.
  int runtime_version = 0;  ///< What this binary was built with.
  bool kernel_module = false;  ///< The kernel driver is loaded.
  bool nodes_refused = false;  ///< A /dev/nvidia* node is there, and this user may not use it.
};

/// Asks the runtime and the system. Never throws.
DriverFindings find_driver();

BackendStatus describe(const DriverFindings& findings);

}  // namespace salus::engine::cuda
