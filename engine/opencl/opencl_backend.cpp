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

std::vector<std::string> opencl_layouts(unsigned index) { return opencl::layout_names(index); }

std::unique_ptr<Device> open_opencl_device(unsigned index, const std::string& layout) {
  opencl::OpenClOptions options;
  options.layout = layout;
  return opencl::open_device(index, options);
}

}  // namespace salus::engine
