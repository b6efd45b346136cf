// tests/engine/signature/device_signatures_test.cpp on the first OpenCL device.
#include "tests/engine/opencl/opencl_fixture.h"
#include "tests/engine/signature/device_under_test.h"
#include "tests/engine/signature/sanitized.h"

namespace salus::engine::signature {

std::unique_ptr<Device> open_device_under_test(std::string& why) {
  return opencl::open_test_device(opencl::test_options(1), why);
}

std::size_t items_for_device_under_test() { return scaled(500); }

}  // namespace salus::engine::signature
