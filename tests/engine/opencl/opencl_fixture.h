// What OpenCL tests share: a device with a cache of its own.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "engine/opencl/opencl_device.h"
#include "tests/support/random_data.h"

namespace salus::engine::opencl {

/// Options for a device with `lanes` lanes, whose caches lie in the build folder.
OpenClOptions test_options(unsigned lanes);

/// The first OpenCL device, or nothing with the reason in `why`.
std::unique_ptr<OpenClDevice> open_test_device(const OpenClOptions& options, std::string& why);

using test::random_bytes;
using test::random_digests;

/// Every lane width that kernels can be built with.
inline constexpr unsigned kLaneWidths[] = {1, 4, 8, 16};

/// Tests that run once for every lane width. Skipped, with the reason, where there is no device.
class EveryLaneWidth : public testing::TestWithParam<unsigned> {
 protected:
  void SetUp() override;
  void open(const OpenClOptions& options);

  std::unique_ptr<OpenClDevice> device_;
};

}  // namespace salus::engine::opencl
