// CUDA devices. Without nvcc at build time these functions are still there and say so.
#pragma once

#include <memory>
#include <vector>

#include "engine/device.h"

namespace salus::engine {

/// Describes every CUDA device. Never throws for want of a driver: `status` says what is missing.
std::vector<DeviceInfo> list_cuda_devices(BackendStatus& status);

/// Opens one of them and runs its kernels' known-answer test. Throws `Error` (device) on failure.
std::unique_ptr<Device> open_cuda_device(unsigned index);

}  // namespace salus::engine
