// Stands for the backend in a build without nvcc.
#include "engine/cuda/cuda_backend.h"
#include "engine/error.h"

namespace salus::engine {

std::vector<DeviceInfo> list_cuda_devices(BackendStatus& status) {
  status = {Backend::cuda, false, "built without CUDA",
            "build Salus where the CUDA Toolkit's nvcc is found"};
  return {};
}

std::vector<std::string> cuda_forms() { return {}; }

std::unique_ptr<Device> open_cuda_device(unsigned index, const std::string& /*form*/) {
  throw Error(ErrorKind::device, "cuda:" + std::to_string(index) + ": built without CUDA");
}

}  // namespace salus::engine
