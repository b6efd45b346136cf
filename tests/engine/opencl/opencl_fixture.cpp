#include "tests/engine/opencl/opencl_fixture.h"

#include <filesystem>

#include "engine/error.h"
#include "tests/support/kernel_cache.h"

namespace salus::engine::opencl {
namespace {

const std::filesystem::path kCache = salus::test::use_kernel_cache();

}  // namespace

OpenClOptions test_options(unsigned lanes) {
  OpenClOptions options;
  options.lanes = lanes;
  options.cache_folder = kCache / "salus";
  return options;
}

std::unique_ptr<OpenClDevice> open_test_device(const OpenClOptions& options, std::string& why) {
  BackendStatus status;
  if (find_devices(status).empty()) {
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
