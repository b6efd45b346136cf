// The OpenCL devices of this machine, and why there are none.
#pragma once

#include "engine/device.h"
#include "engine/opencl/cl_api.h"

#include <string>
#include <vector>

namespace salus::engine::opencl {

/// A device as the ICD loader shows it, in platform order.
struct ListedDevice {
  cl::Platform platform;
  cl::Device device;
  DeviceInfo info;
  std::string platform_version;
};

/// Every usable device. Does not throw: `status` says what is missing and what to do about it.
std::vector<ListedDevice> find_devices(BackendStatus& status);

/// What `status` says when there is a loader but no device: from the drivers that are registered in
/// `vendor_folder` and the device nodes that the process may not open.
BackendStatus explain_no_device(const std::string& vendor_folder,
                                const std::vector<std::string>& forbidden_nodes);

}  // namespace salus::engine::opencl
