#include "engine/opencl/opencl_backend.h"

#include "engine/error.h"

namespace salus::engine {

std::vector<DeviceInfo> list_opencl_devices(BackendStatus& status) {
  status = {Backend::opencl, false, "not built", ""};
  return {};
}

std::unique_ptr<Device> open_opencl_device(unsigned) {
  throw Error(ErrorKind::device, "opencl: not built");
}

}  // namespace salus::engine
