// tests/engine/signature/device_signatures_test.cpp on the first CUDA device or the host shim.
#include "engine/cuda/cuda_backend.h"
#include "engine/cuda/driver_status.h"
#include "tests/engine/signature/device_under_test.h"
#include "tests/engine/signature/sanitized.h"

#ifdef SALUS_CUDA_SHIM
#include "cuda_shim.h"
#endif

namespace salus::engine::signature {

std::unique_ptr<Device> open_device_under_test(std::string& why) {
#ifdef SALUS_CUDA_SHIM
  cuda_shim::reset();
#endif
  const BackendStatus status = cuda::describe(cuda::find_driver());
  if (status.available) return open_cuda_device(0);
  why = "no CUDA device: " + status.detail;
  return nullptr;
}

std::size_t items_for_device_under_test() {
#ifdef SALUS_CUDA_SHIM
  return scaled(150);
#else
  return 20'000;
#endif
}

}  // namespace salus::engine::signature
