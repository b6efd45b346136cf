#include "engine/opencl/opencl_backend.h"

#include "engine/opencl/opencl_device.h"

namespace salus::engine {

std::vector<DeviceInfo> list_opencl_devices(BackendStatus& status) {
  std::vector<DeviceInfo> infos;
  for (const opencl::ListedDevice& listed : opencl::find_devices(status)) {
    infos.push_back(listed.info);
  }
  return infos;
}

std::unique_ptr<Device> open_opencl_device(unsigned index) {
  return opencl::open_device(index, {});
}

}  // namespace salus::engine
