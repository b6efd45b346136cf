// Runs a test once for every way of verifying that this machine has.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/signature/cpu/ed25519_batch.h"
#include "engine/signature/cpu/p256_batch.h"
#include "engine/signature/form.h"
#include "engine/signature/reference.h"
#include "engine/signature/signature.h"
#include "engine/signature/verify_batch.h"
#include "tests/engine/signature/registered.h"

namespace salus::engine::signature {

struct NamedVerifier {
  std::string name;
  std::function<Verdicts(std::span<const Item> items, const Policy& policy)> verify;
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

/// Every item by the variant for its algorithm.
inline Verdicts verify_by_variants(const cpu::Ed25519Variant& ed25519_variant,
                                   const cpu::P256Variant& p256_variant,
                                   std::span<const Item> items, const Policy& policy) {
  Verdicts verdicts(items.size());
  std::vector<std::size_t> ed25519;
  std::vector<std::size_t> p256;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Reason form = check_form(items[i], policy);
    if (form != Reason::valid)
      verdicts.set(i, form);
    else
      (items[i].algorithm == Algorithm::ed25519 ? ed25519 : p256).push_back(i);
  }
  cpu::verify_ed25519(ed25519_variant, items, ed25519, verdicts);
  cpu::verify_p256(p256_variant, items, p256, verdicts);
  return verdicts;
}

/// Variants of the same name for both algorithms, which run here.
inline std::vector<std::pair<const cpu::Ed25519Variant*, const cpu::P256Variant*>>
supported_variants() {
  std::vector<std::pair<const cpu::Ed25519Variant*, const cpu::P256Variant*>> pairs;
  for (const cpu::Ed25519Variant* ed25519 : cpu::all_ed25519_variants())
    for (const cpu::P256Variant* p256 : cpu::all_p256_variants())
      if (std::string(ed25519->name) == p256->name && ed25519->supported() && p256->supported())
        pairs.emplace_back(ed25519, p256);
  return pairs;
}

inline std::vector<NamedVerifier> all_verifiers() {
  std::vector<NamedVerifier> all = {{"reference", verify_each_by_reference},
                                    {"batch", verify_batch}};
  for (const auto& pair : supported_variants()) {
    const cpu::Ed25519Variant& ed25519 = *pair.first;
    const cpu::P256Variant& p256 = *pair.second;
    const std::string name = ed25519.name;
    all.push_back({name, [&](auto items, const Policy& policy) {
                     return verify_by_variants(ed25519, p256, items, policy);
                   }});
    all.push_back({name + "_registered", [&](auto items, const Policy& policy) {
                     return verify_registered(ed25519, p256, 4, items, policy);
                   }});
  }
  return all;
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
