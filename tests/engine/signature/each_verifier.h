// Runs a test once for every way of verifying that this machine has.
#pragma once

#include <gtest/gtest.h>

#include <span>
#include <string>

#include "engine/signature/reference.h"
#include "engine/signature/signature.h"

namespace salus::engine::signature {

struct NamedVerifier {
  std::string name;
  Verdicts (*verify)(std::span<const Item> items, const Policy& policy);
};

inline Verdicts verify_each_by_reference(std::span<const Item> items, const Policy& policy) {
  Verdicts verdicts(items.size());
  for (std::size_t i = 0; i < items.size(); ++i)
    verdicts.set(i, verify_reference(items[i], policy));
  return verdicts;
}

class EachVerifier : public testing::TestWithParam<NamedVerifier> {
 protected:
  [[nodiscard]] static Verdicts verify(std::span<const Item> items, const Policy& policy = {}) {
    return GetParam().verify(items, policy);
  }
  [[nodiscard]] static Reason verify(const Item& item, const Policy& policy = {}) {
    return verify(std::span(&item, 1), policy).reason(0);
  }
};

inline std::vector<NamedVerifier> all_verifiers() {
  return {{"reference", verify_each_by_reference}};
}

inline std::string verifier_name(const testing::TestParamInfo<NamedVerifier>& info) {
  return info.param.name;
}

}  // namespace salus::engine::signature

/// Instantiates a suite derived from `EachVerifier`.
#define SALUS_EACH_VERIFIER(suite)                                                         \
  INSTANTIATE_TEST_SUITE_P(By, suite,                                                      \
                           testing::ValuesIn(::salus::engine::signature::all_verifiers()), \
                           ::salus::engine::signature::verifier_name)
