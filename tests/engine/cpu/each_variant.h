// Runs a test once for every variant that this CPU supports.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "engine/cpu/variant_choice.h"

namespace salus::engine::cpu {

class EachVariant : public testing::TestWithParam<const CpuVariant*> {
 protected:
  [[nodiscard]] const CpuVariant& variant() const { return *GetParam(); }
};

inline std::string variant_name(const testing::TestParamInfo<const CpuVariant*>& info) {
  std::string name = info.param->name;
  std::ranges::replace(name, '-', '_');
  return name;
}

}  // namespace salus::engine::cpu

/// Instantiates a suite derived from `EachVariant`.
#define SALUS_EACH_VARIANT(suite)                                                         \
  INSTANTIATE_TEST_SUITE_P(Cpu, suite,                                                    \
                           testing::ValuesIn(::salus::engine::cpu::supported_variants()), \
                           ::salus::engine::cpu::variant_name)
