#include "engine/cuda/cuda_backend.h"

#include "engine/error.h"

namespace salus::engine {

std::vector<DeviceInfo> list_cuda_devices(BackendStatus& status) {
  status = {Backend::cuda, false, "not built", ""};
  return {};
}

std::unique_ptr<Device> open_cuda_device(unsigned) {
  throw Error(ErrorKind::device, "cuda: not built");
}

}  // namespace salus::engine
