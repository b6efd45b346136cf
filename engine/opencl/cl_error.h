// OpenCL's error codes as the one error style of Salus.
#pragma once

#include "engine/error.h"
#include "engine/opencl/cl_api.h"

#include <string>
#include <utility>

namespace salus::engine::opencl {

/// "CL_OUT_OF_RESOURCES"; "CL error -9999" for one that the specification does not name.
std::string cl_error_name(cl_int code);

/// "opencl:0: clEnqueueNDRangeKernel failed: CL_OUT_OF_RESOURCES".
Error device_error(const std::string& device, const cl::Error& error);

/// Calls `work`; what OpenCL throws in it leaves as an `Error` of kind `device` that names
/// `device`.
template <typename Work>
decltype(auto) with_device_errors(const std::string& device, Work&& work) {
  try {
    return std::forward<Work>(work)();
  } catch (const cl::Error& error) {
    throw device_error(device, error);
  }
}

}  // namespace salus::engine::opencl
