#include "tests/engine/opencl/opencl_fixture.h"

#include <cstdlib>
#include <filesystem>

#include "engine/error.h"

namespace salus::engine::opencl {
namespace {

/// PoCL keeps what it compiles where this says; it must be said before the first call of OpenCL.
void use_test_caches() {
  const std::string folder = std::string(SALUS_TEST_CACHE) + "/pocl";
  std::filesystem::create_directories(folder);
  setenv("POCL_CACHE_DIR", folder.c_str(), 0);
  setenv("XDG_CACHE_HOME", SALUS_TEST_CACHE, 1);
}

const bool kCachesInPlace = (use_test_caches(), true);

}  // namespace

OpenClOptions test_options(unsigned lanes) {
  OpenClOptions options;
  options.lanes = lanes;
  options.cache_folder = std::filesystem::path(SALUS_TEST_CACHE) / "salus";
  return options;
}

std::unique_ptr<OpenClDevice> open_test_device(const OpenClOptions& options, std::string& why) {
  BackendStatus status;
  if (!kCachesInPlace || find_devices(status).empty()) {
    why = "no OpenCL device: " + status.detail + "; " + status.advice;
    return nullptr;
  }
  return open_device(0, options);
}

void EveryLaneWidth::SetUp() { open(test_options(GetParam())); }

void EveryLaneWidth::open(const OpenClOptions& options) {
  std::string why;
  device_.reset();
  device_ = open_test_device(options, why);
  if (device_ == nullptr) GTEST_SKIP() << why;
}

}  // namespace salus::engine::opencl
