#include "engine/cuda/tuner.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

namespace salus::engine::cuda {
namespace {

constexpr int kSamples = 3;
/// Work for one timing, in threads of a full device: about a millisecond of mining.
constexpr std::size_t kHashesPerThread = 32;
constexpr std::size_t kNodesPerThread = 8;
constexpr std::size_t kMessageBytes = 256;
constexpr std::size_t kDigest = 32;
/// An idle GPU runs at a fraction of its clock and takes some tens of milliseconds to leave it.
constexpr double kWarmUpSeconds = 0.05;
constexpr int kMostWarmUps = 1000;

std::string rate(double units_per_second, const char* unit) {
  return fmt::format("{:.4g} {}", units_per_second / 1e9, unit);
}

}  // namespace

Tuner::Tuner(const Sizes& sizes, Stream& compute, std::string form)
    : sizes_(sizes), compute_(compute), form_(std::move(form)) {}

template <class Queue>
double Tuner::seconds(const Queue& queue) {
  start_.record(compute_);
  queue();
  stop_.record(compute_);
  stop_.synchronize();
  return std::max(double{stop_.milliseconds_since(start_)} / 1e3, 1e-9);
}

template <class Queue>
void Tuner::warm_up(const Queue& queue) {
  double busy = 0;
  for (int i = 0; i < kMostWarmUps && busy < kWarmUpSeconds; ++i) busy += seconds(queue);
}

template <class Choice, class Queue>
Tuned<Choice> Tuner::fastest(const std::vector<Choice>& choices, double units, const char* unit,
                             const Queue& queue) {
  std::vector<std::pair<double, const Choice*>> ranking;
  for (const Choice& choice : choices) {
    queue(choice);  // loads the kernel
    ranking.emplace_back(std::numeric_limits<double>::infinity(), &choice);
  }
  warm_up([&] { queue(choices.front()); });
  // In rounds, so that a clock that changes meanwhile is no choice's luck.
  for (int i = 0; i < kSamples; ++i)
    for (auto& [best, choice] : ranking) best = std::min(best, seconds([&] { queue(*choice); }));
  std::stable_sort(ranking.begin(), ranking.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  const Choice& best = *ranking.front().second;
  std::string reason = rate(units / ranking.front().first, unit);
  const auto other = std::find_if(ranking.begin(), ranking.end(), [&](const auto& entry) {
    return std::strcmp(entry.second->form, best.form) != 0;
  });
  if (other != ranking.end())
    reason += fmt::format("; {} {}", other->second->name(), rate(units / other->first, unit));
  return {best, reason};
}

Tuned<MineChoice> Tuner::mine(unsigned versions) {
  const auto nonces = static_cast<std::uint32_t>(
      std::max<std::size_t>(1, kHashesPerThread * sizes_.resident_threads / versions));
  const DeviceMemory counter(sizeof(std::uint32_t));
  fill_zero(counter.data(), counter.size(), compute_);
  kernels::MineParams params{};
  params.reject_mask = 0xffffffffu;
  const kernels::cuda::MineHits hits{nullptr, counter.as<std::uint32_t>(), 0};
  return fastest(mine_choices(versions, form_), double{1} * nonces * versions, "GH/s",
                 [&](const MineChoice& choice) {
                   const unsigned step =
                       choice.entry.versions == 0 ? versions : choice.entry.versions;
                   for (unsigned first = 0; first < versions; first += step)
                     launch(compute_, "time a mining kernel", choice.entry.kernel, nonces,
                            choice.block, params, {0, nonces, first, step}, hits);
                 });
}

Tuned<HashChoice> Tuner::hash() {
  const std::size_t count = sizes_.resident_threads;
  const DeviceMemory data(count * kMessageBytes);
  const DeviceMemory digests(count * kDigest);
  fill_zero(data.data(), data.size(), compute_);
  kernels::cuda::HashBatch batch{};
  batch.data = data.data();
  batch.fixed_length = kMessageBytes;
  batch.fixed_stride = kMessageBytes;
  batch.out = digests.data();
  batch.count = static_cast<std::uint32_t>(count);
  return fastest(
      hash_choices(form_), static_cast<double>(data.size()), "GB/s", [&](const HashChoice& choice) {
        launch(compute_, "time hashing", choice.entries.hash, batch.count, choice.block, batch);
      });
}

Tuned<HashChoice> Tuner::merkle() {
  const std::size_t count = kNodesPerThread * sizes_.resident_threads;
  const DeviceMemory children(count * kDigest);
  const std::size_t node_count = count / 2;
  const DeviceMemory nodes(node_count * kDigest);
  fill_zero(children.data(), children.size(), compute_);
  return fastest(hash_choices(form_), static_cast<double>(node_count), "G nodes/s",
                 [&](const HashChoice& choice) {
                   launch(compute_, "time a Merkle level", choice.entries.level_rfc9162, node_count,
                          choice.block, children.data(), nodes.data(),
                          static_cast<std::uint32_t>(count));
                 });
}

}  // namespace salus::engine::cuda
