#include "engine/cpu/variant_choice.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "engine/error.h"
#include "engine/stopwatch.h"

namespace salus::engine::cpu {
namespace {

constexpr int kRounds = 5;  // the best of these counts: others may have been interrupted

/// Rates from the fastest on.
struct Rate {
  const CpuVariant* variant;
  double per_second;
};

std::vector<Rate> measure(const Trial& trial) {
  std::vector<Rate> rates;
  for (const CpuVariant* variant : supported_variants()) rates.push_back({variant, 0});
  for (int round = 0; round < kRounds; ++round) {
    for (Rate& rate : rates) {
      const Stopwatch watch;
      const double work = trial(*rate.variant);
      rate.per_second = std::max(rate.per_second, work / std::max(watch.seconds(), 1e-9));
    }
  }
  std::ranges::stable_sort(rates, std::ranges::greater{}, &Rate::per_second);
  return rates;
}

Choice forced(const CpuOptions& options) { return {&variant_by_name(options.variant), "forced"}; }

/// Header scan with all versions rolled, rejecting (nearly) everything.
double mining_trial(const CpuVariant& variant) {
  constexpr unsigned kGroups = 32;
  static const kernels::MineParams params = [] {
    kernels::MineParams p{};
    p.reject_mask = 0xffffffff;
    return p;
  }();
  const ScanRange range{0, std::uint64_t{kGroups} * std::max(variant.lanes, 4U),
                        SALUS_MINE_MAX_VERSIONS};
  std::vector<Candidate> found;
  variant.scan(params, range, found);
  return static_cast<double>(range.nonce_count * range.version_count);
}

constexpr std::size_t kTrialBlocks = 64;

double hashing_trial(const CpuVariant& variant) {
  static const std::vector<std::uint8_t> bytes(64 * kTrialBlocks);
  std::vector<StreamState> states(variant.lanes);
  std::vector<StreamState*> state_pointers;
  state_pointers.reserve(variant.lanes);
  for (StreamState& state : states) state_pointers.push_back(&state);
  const std::vector<const std::uint8_t*> data(variant.lanes, bytes.data());
  variant.compress(state_pointers.data(), data.data(), variant.lanes, kTrialBlocks);
  return static_cast<double>(bytes.size() * variant.lanes);
}

double merkle_trial(const CpuVariant& variant) {
  constexpr std::size_t kPairs = 256;
  static const std::vector<Digest> children(2 * kPairs);
  std::vector<Digest> parents(kPairs);
  variant.nodes(TreeKind::rfc9162, children.data(), kPairs, parents.data());
  return kPairs;
}

}  // namespace

std::vector<const CpuVariant*> supported_variants() {
  std::vector<const CpuVariant*> out;
  for (const CpuVariant* variant : all_variants())
    if (variant->supported()) out.push_back(variant);
  return out;
}

const CpuVariant& variant_by_name(const std::string& name) {
  const auto here = supported_variants();
  std::string names;
  for (const CpuVariant* variant : here) {
    if (variant->name == name) return *variant;
    names += names.empty() ? "" : ", ";
    names += variant->name;
  }
  const bool known = std::ranges::any_of(all_variants(), [&](auto* v) { return v->name == name; });
  throw Error(ErrorKind::usage,
              fmt::format("{} CPU variant: {} (this machine runs {})",
                          known ? "this machine cannot run the" : "no such", name, names));
}

Choice measure_choice(const Trial& trial, const std::string& unit, double scale) {
  const std::vector<Rate> rates = measure(trial);
  std::string reason = fmt::format("{:.3g} {}", rates.front().per_second / scale, unit);
  for (std::size_t i = 1; i < rates.size(); ++i)
    reason += fmt::format("{} {} {:.3g}", i == 1 ? ";" : ",", rates[i].variant->name,
                          rates[i].per_second / scale);
  return {rates.front().variant, reason};
}

Choice choose_for_mining(const CpuOptions& options) {
  if (!options.variant.empty()) return forced(options);
  static const Choice measured = measure_choice(mining_trial, "MH/s a core", 1e6);
  return measured;
}

Choice choose_for_hashing(const CpuOptions& options) {
  if (!options.variant.empty()) return forced(options);
  static const Choice measured = measure_choice(hashing_trial, "GB/s a core", 1e9);
  return measured;
}

Choice choose_for_merkle(const CpuOptions& options) {
  if (!options.variant.empty()) return forced(options);
  static const Choice measured = measure_choice(merkle_trial, "M nodes/s a core", 1e6);
  return measured;
}

}  // namespace salus::engine::cpu
