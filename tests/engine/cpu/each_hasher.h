// Runs a test for a LaneHasher forced to each variant that this CPU supports, and for the mixture
// that is chosen by measurement.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "engine/cpu/lane_hasher.h"

namespace salus::engine::cpu {

/// The parameter is the variant's name; empty for the chosen mixture.
class EachHasher : public testing::TestWithParam<std::string> {
 protected:
  [[nodiscard]] static CpuOptions options() { return {.threads = 2, .variant = GetParam()}; }
  [[nodiscard]] const LaneHasher& hasher() const { return hasher_; }

 private:
  LaneHasher hasher_{options()};
};

inline std::vector<std::string> hasher_names() {
  std::vector<std::string> names = cpu_variants();
  names.emplace_back();
  return names;
}

inline std::string hasher_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param.empty() ? "chosen" : info.param;
  std::ranges::replace(name, '-', '_');
  return name;
}

}  // namespace salus::engine::cpu

/// Instantiates a suite derived from `EachHasher`.
#define SALUS_EACH_HASHER(suite)                                                                \
  INSTANTIATE_TEST_SUITE_P(Cpu, suite, testing::ValuesIn(::salus::engine::cpu::hasher_names()), \
                           ::salus::engine::cpu::hasher_name)
