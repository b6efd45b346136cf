// Runs a test once for every way of verifying that this machine has.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/signature/cpu/ed25519_batch.h"
#include "engine/signature/cpu/p256_batch.h"
#include "engine/signature/cpu/verifier.h"
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

enum class Keys { unannounced, announced };

/// By the CPU's verifier. Announced keys have tables before anything is verified.
inline Verdicts verify_by_cpu(cpu::Verifier& verifier, std::span<const Item> items,
                              const Policy& policy, Keys announcement) {
  Verdicts verdicts(items.size());
  std::vector<std::size_t> places;
  std::vector<Item> formed;
  std::vector<KeyView> keys;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Reason form = check_form(items[i], policy);
    verdicts.set(i, form);
    if (form != Reason::valid) continue;
    places.push_back(i);
    formed.push_back(items[i]);
    keys.push_back({items[i].algorithm, items[i].public_key});
  }
  std::vector<Reason> reasons(formed.size());
  if (announcement == Keys::announced) verifier.add_keys(keys);
  verifier.verify(formed, reasons);
  for (std::size_t i = 0; i < places.size(); ++i) verdicts.set(places[i], reasons[i]);
  return verdicts;
}

inline NamedVerifier cpu_verifier(const std::string& variant) {
  constexpr std::uint64_t kCacheBytes = std::uint64_t{4} << 20;  // little, so that some are evicted
  CpuOptions options;
  options.verify_variant = variant;
  const auto verifier = std::make_shared<cpu::Verifier>(options, kCacheBytes);
  return {"cpu_" + variant, [verifier](auto items, const Policy& policy) {
            return verify_by_cpu(*verifier, items, policy, Keys::announced);
          }};
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
  for (const std::string& variant : cpu::verify_variants()) all.push_back(cpu_verifier(variant));
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
