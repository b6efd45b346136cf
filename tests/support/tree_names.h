// Names for tests that run once for each kind of tree.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "engine/device.h"

namespace salus::test {

inline std::string tree_name(const testing::TestParamInfo<engine::TreeKind>& test) {
  return test.param == engine::TreeKind::rfc9162 ? "Rfc9162" : "Bitcoin";
}

}  // namespace salus::test
