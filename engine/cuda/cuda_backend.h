// CUDA devices. Without nvcc at build time these functions are still there and say so.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/device.h"

namespace salus::engine {

/// Describes every CUDA device. Never throws for want of a driver: `status` says what is missing.
std::vector<DeviceInfo> list_cuda_devices(BackendStatus& status);

/// Names of the forms that kernels have, the same on every device: docs/performance/cuda.md.
std::vector<std::string> cuda_forms();

/// Opens one of them and runs its kernels' known-answer test. Throws `Error` (device) on failure.
/// With a `form` only kernels of that form are used: not every job has one.
std::unique_ptr<Device> open_cuda_device(unsigned index, const std::string& form = {});

}  // namespace salus::engine
