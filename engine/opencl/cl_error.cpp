#include "engine/opencl/cl_error.h"

#include <fmt/format.h>

namespace salus::engine::opencl {
namespace {

/// What to do about an error, where something can be done.
const char* advice(cl_int code) {
  switch (code) {
    case CL_MEM_OBJECT_ALLOCATION_FAILURE:
    case CL_OUT_OF_RESOURCES: return " (device memory is full or a launch was too large)";
    case CL_DEVICE_NOT_AVAILABLE: return " (another process may hold the device)";
    case CL_OUT_OF_HOST_MEMORY: return " (the host's memory is full)";
    default: return "";
  }
}

}  // namespace

std::string cl_error_name(cl_int code) {
#define SALUS_CL_NAME(name) \
  case name: return #name;
  switch (code) {
    SALUS_CL_NAME(CL_DEVICE_NOT_FOUND)
    SALUS_CL_NAME(CL_DEVICE_NOT_AVAILABLE)
    SALUS_CL_NAME(CL_COMPILER_NOT_AVAILABLE)
    SALUS_CL_NAME(CL_MEM_OBJECT_ALLOCATION_FAILURE)
    SALUS_CL_NAME(CL_OUT_OF_RESOURCES)
    SALUS_CL_NAME(CL_OUT_OF_HOST_MEMORY)
    SALUS_CL_NAME(CL_PROFILING_INFO_NOT_AVAILABLE)
    SALUS_CL_NAME(CL_MEM_COPY_OVERLAP)
    SALUS_CL_NAME(CL_BUILD_PROGRAM_FAILURE)
    SALUS_CL_NAME(CL_MAP_FAILURE)
    SALUS_CL_NAME(CL_MISALIGNED_SUB_BUFFER_OFFSET)
    SALUS_CL_NAME(CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST)
    SALUS_CL_NAME(CL_INVALID_VALUE)
    SALUS_CL_NAME(CL_INVALID_DEVICE_TYPE)
    SALUS_CL_NAME(CL_INVALID_PLATFORM)
    SALUS_CL_NAME(CL_INVALID_DEVICE)
    SALUS_CL_NAME(CL_INVALID_CONTEXT)
    SALUS_CL_NAME(CL_INVALID_QUEUE_PROPERTIES)
    SALUS_CL_NAME(CL_INVALID_COMMAND_QUEUE)
    SALUS_CL_NAME(CL_INVALID_HOST_PTR)
    SALUS_CL_NAME(CL_INVALID_MEM_OBJECT)
    SALUS_CL_NAME(CL_INVALID_BINARY)
    SALUS_CL_NAME(CL_INVALID_BUILD_OPTIONS)
    SALUS_CL_NAME(CL_INVALID_PROGRAM)
    SALUS_CL_NAME(CL_INVALID_PROGRAM_EXECUTABLE)
    SALUS_CL_NAME(CL_INVALID_KERNEL_NAME)
    SALUS_CL_NAME(CL_INVALID_KERNEL)
    SALUS_CL_NAME(CL_INVALID_ARG_INDEX)
    SALUS_CL_NAME(CL_INVALID_ARG_VALUE)
    SALUS_CL_NAME(CL_INVALID_ARG_SIZE)
    SALUS_CL_NAME(CL_INVALID_KERNEL_ARGS)
    SALUS_CL_NAME(CL_INVALID_WORK_DIMENSION)
    SALUS_CL_NAME(CL_INVALID_WORK_GROUP_SIZE)
    SALUS_CL_NAME(CL_INVALID_WORK_ITEM_SIZE)
    SALUS_CL_NAME(CL_INVALID_GLOBAL_OFFSET)
    SALUS_CL_NAME(CL_INVALID_EVENT_WAIT_LIST)
    SALUS_CL_NAME(CL_INVALID_EVENT)
    SALUS_CL_NAME(CL_INVALID_OPERATION)
    SALUS_CL_NAME(CL_INVALID_BUFFER_SIZE)
    SALUS_CL_NAME(CL_INVALID_GLOBAL_WORK_SIZE)
    case -1001: return "CL_PLATFORM_NOT_FOUND_KHR";
    default: return fmt::format("CL error {}", code);
  }
#undef SALUS_CL_NAME
}

Error device_error(const std::string& device, const cl::Error& error) {
  return {ErrorKind::device, fmt::format("{}: {} failed: {}{}", device, error.what(),
                                         cl_error_name(error.err()), advice(error.err()))};
}

}  // namespace salus::engine::opencl
