#include "engine/signature/cpu/verify_choice.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

#include "engine/error.h"
#include "engine/signature/cpu/ed25519_challenge.h"
#include "engine/stopwatch.h"

namespace salus::engine::signature::cpu {
namespace {

constexpr int kRounds = 4;  // the best of these counts: others may have been interrupted
constexpr std::size_t kMostLanes = 8;

template <class Work>
double best_seconds(const Work& work) {
  double best = std::numeric_limits<double>::infinity();
  for (int round = 0; round < kRounds; ++round) {
    const Stopwatch watch;
    work();
    best = std::min(best, watch.seconds());
  }
  return best;
}

/// Anything will do as key and signature: a mismatch is as much work as a match.
constexpr std::array<std::uint8_t, kP256KeyBytes> kSampleBytes = {4, 7, 1};

double seconds_of(const Ed25519Variant& variant, std::size_t count) {
  const std::vector<CurveItem> items(count, {kSampleBytes.data(), kSampleBytes.data(), {1, 2, 3}});
  std::array<Reason, kMostLanes> reasons{};
  return best_seconds([&] { variant.decide(base_table(), items.data(), count, reasons.data()); });
}

double seconds_of(const P256Variant& variant, std::size_t count) {
  const P256Scalars scalars = {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}};
  const std::vector<P256CurveItem> items(count, {kSampleBytes.data(), scalars});
  std::array<Reason, kMostLanes> reasons{};
  return best_seconds(
      [&] { variant.decide(p256_base_comb(), items.data(), count, reasons.data()); });
}

template <class AnyVariant>
Variants<AnyVariant> measure(std::span<const AnyVariant* const> all) {
  struct Rate {
    const AnyVariant* variant;
    double many;    // seconds an item
    double single;  // seconds
  };
  std::vector<Rate> rates;
  for (const AnyVariant* variant : all)
    if (variant->supported())
      rates.push_back({variant,
                       seconds_of(*variant, variant->lanes) / static_cast<double>(variant->lanes),
                       seconds_of(*variant, 1)});
  std::ranges::stable_sort(rates, {}, &Rate::many);
  const Rate& single = *std::ranges::min_element(rates, {}, &Rate::single);
  std::string reason = fmt::format("{:.3g} k/s a core", 1e-3 / rates.front().many);
  for (std::size_t i = 1; i < rates.size(); ++i)
    reason += fmt::format("{} {} {:.3g}", i == 1 ? ";" : ",", rates[i].variant->name,
                          1e-3 / rates[i].many);
  reason +=
      fmt::format("; a single one in {:.3g} us by {}", single.single * 1e6, single.variant->name);
  return {rates.front().variant, single.variant, reason};
}

/// The variant of that name, or else the last one, which runs anywhere.
template <class AnyVariant>
Variants<AnyVariant> forced_variants(std::span<const AnyVariant* const> all,
                                     const std::string& name) {
  const auto found = std::ranges::find_if(all, [&](const AnyVariant* variant) {
    return variant->name == name && variant->supported();
  });
  const AnyVariant* const variant = found != all.end() ? *found : all.back();
  return {variant, variant, "forced"};
}

Sha512Choice measure_sha512(const Ed25519Variant& variant) {
  constexpr std::size_t kBlocks = 32;
  const std::vector<std::uint8_t> message(kBlocks * 128);
  const ChallengeItem item = {kSampleBytes.data(), kSampleBytes.data(), message.data(),
                              message.size()};
  const std::vector<ChallengeItem> items(variant.lanes, item);
  std::array<std::uint64_t[4], kMostLanes> k{};
  const double lanes =
      best_seconds([&] { variant.challenges(items.data(), items.size(), k.data()); });
  const double single = best_seconds([&] { challenge_alone(item, k[0]); });
  const double megabytes = static_cast<double>(message.size()) * 1e-6;
  Sha512Choice choice;
  choice.lanes_block = lanes / kBlocks;
  choice.single_block = single / kBlocks;
  choice.name = fmt::format("sha512 {} x{}", variant.name, variant.lanes);
  choice.reason = fmt::format(
      "{:.0f} MB/s a core; OpenSSL {:.0f}, which takes the longest message of a group where all of "
      "them together have less than {:.1f} times its length",
      megabytes * variant.lanes / lanes, megabytes / single, lanes / single);
  return choice;
}

VerifyChoice measure_all() {
  VerifyChoice choice;
  choice.ed25519 = measure(all_ed25519_variants());
  choice.p256 = measure(all_p256_variants());
  choice.sha512 = measure_sha512(*choice.ed25519.many);
  return choice;
}

}  // namespace

std::vector<std::string> verify_variants() {
  std::vector<std::string> names;
  for (const Ed25519Variant* variant : all_ed25519_variants())
    if (variant->supported()) names.emplace_back(variant->name);
  return names;
}

void require_variant(const std::string& name) {
  std::string names;
  for (const std::string& known : verify_variants()) {
    if (known == name) return;
    names += names.empty() ? "" : ", ";
    names += known;
  }
  throw Error(ErrorKind::usage,
              fmt::format("no such variant of signature verification: {} (this machine runs {})",
                          name, names));
}

VerifyChoice choose_for_verifying(const std::string& forced) {
  if (forced.empty()) {
    static const VerifyChoice measured = measure_all();
    return measured;
  }
  require_variant(forced);
  VerifyChoice choice;
  choice.ed25519 = forced_variants(all_ed25519_variants(), forced);
  choice.p256 = forced_variants(all_p256_variants(), forced);
  choice.sha512 = measure_sha512(*choice.ed25519.many);
  return choice;
}

}  // namespace salus::engine::signature::cpu
