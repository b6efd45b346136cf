#include "tests/engine/cuda/cuda_fixture.h"

#include "engine/cuda/driver_status.h"

#ifdef SALUS_CUDA_SHIM
#include "cuda_shim.h"
#endif

namespace salus::engine::cuda {
namespace {

constexpr Sizes kSmallSizes{.resident_threads = 64,
                            .batch_messages = 128,
                            .batch_bytes = 64 * 1024,
                            .staging_bytes = 4 * 1024,
                            .scan_hashes = 2048,
                            .hit_slots = 64};

}  // namespace

Parts::Parts()
    : sizes(kSmallSizes),
      feed(sizes, compute),
      miner(sizes, compute),
      hasher(compute, feed),
      reducer(sizes, compute, feed) {}

void CudaTest::SetUp() {
#ifdef SALUS_CUDA_SHIM
  cuda_shim::reset();
#endif
  const BackendStatus status = describe(find_driver());
  if (!status.available) GTEST_SKIP() << "no CUDA device: " << status.detail;
  check(cudaSetDevice(0), "choose the device");
  parts_ = std::make_unique<Parts>();
}

}  // namespace salus::engine::cuda
