#include "engine/nvml.h"

#include <gtest/gtest.h>

namespace salus::engine {
namespace {

TEST(Nvml, WithoutTheLibraryThereAreNoReadings) {
  const detail::Nvml nvml("libno-such-library.so.1");
  EXPECT_FALSE(nvml.available());
  EXPECT_FALSE(nvml.read("0000:17:00.0").has_value());
  EXPECT_FALSE(nvml.driver_version().has_value());
}

TEST(Nvml, ReadsAGpuInTheUnitsThatItPromises) {
  const detail::Nvml nvml(FAKE_NVML);
  ASSERT_TRUE(nvml.available());
  EXPECT_EQ(nvml.driver_version(), "580.65.06");
  const std::optional<GpuTelemetry> now = nvml.read("0000:17:00.0");
  ASSERT_TRUE(now.has_value());
  EXPECT_DOUBLE_EQ(now->power_watts.value(), 412.5);
  EXPECT_DOUBLE_EQ(now->power_limit_watts.value(), 700);
  EXPECT_DOUBLE_EQ(now->energy_joules.value(), 5'000'000'001.5);
  EXPECT_EQ(now->temperature_celsius, 61u);
  EXPECT_EQ(now->pcie_generation, 5u);
}

TEST(Nvml, WhatAGpuOrDriverDoesNotGiveIsAbsent) {
  const std::optional<GpuTelemetry> now = detail::Nvml(FAKE_NVML).read("0000:17:00.0");
  ASSERT_TRUE(now.has_value());
  EXPECT_FALSE(now->pcie_width.has_value());           // reported as not supported
  EXPECT_FALSE(now->pcie_generation_max.has_value());  // the library has no such function
  EXPECT_FALSE(now->sm_clock_mhz.has_value());
}

TEST(Nvml, AGpuThatItDoesNotKnowHasNoReadings) {
  EXPECT_FALSE(detail::Nvml(FAKE_NVML).read("0000:99:00.0").has_value());
}

}  // namespace
}  // namespace salus::engine
