// OpenCL 1.2 devices, through the ICD loader where one is installed.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/device.h"

namespace salus::engine {

/// Describes every OpenCL device without building a kernel. Never throws for want of a driver.
std::vector<DeviceInfo> list_opencl_devices(BackendStatus& status);

/// Names of the layouts of kernels that one of them may use. Builds none. Throws `Error`.
std::vector<std::string> opencl_layouts(unsigned index);

/// Opens one of them, builds its kernels or takes them from the program cache, and runs their
/// known-answer test. Throws `Error` (device) when any of that fails. Without a `layout` a
/// measurement chooses one.
std::unique_ptr<Device> open_opencl_device(unsigned index, const std::string& layout = {});

}  // namespace salus::engine
