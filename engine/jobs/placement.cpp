#include "engine/jobs/placement.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <span>

#include "engine/jobs/foreign_signatures.h"
#include "engine/pow/header.h"
#include "engine/stopwatch.h"

namespace salus::engine {
namespace {

// Two sizes tell latency from rate: a small one, and one that grows until it takes long enough to
// be told from a launch, or reaches a bound.
constexpr double kLongEnough = 5e-3;
constexpr std::size_t kMessageBytes = 4096;
constexpr std::size_t kSmallMessages = 16;
constexpr std::size_t kMostMessages = std::size_t{1} << 14;
constexpr std::size_t kSmallLeaves = 64;
constexpr std::size_t kMostLeaves = std::size_t{1} << 21;
constexpr std::size_t kSmallSignatures = 64;
constexpr std::size_t kMostSignatures = std::size_t{1} << 16;
constexpr std::size_t kSmallHashes = std::size_t{1} << 12;
constexpr std::size_t kMostHashes = std::size_t{1} << 30;

template <class Body>
double seconds_of(const Body& body) {
  const Stopwatch watch;
  body();
  return watch.seconds();
}

/// Fits latency and rate of run(units) through a small and a large run.
template <class Body>
Speed fit(std::size_t small, std::size_t most, const Body& run) {
  run(small);  // first use may pick a variant or allocate
  const double t_small = std::min(seconds_of([&] { run(small); }), seconds_of([&] { run(small); }));
  std::size_t large = small;
  double t_large = t_small;
  while (large < most && t_large < std::max(kLongEnough, 4 * t_small)) {
    large = std::min(large * 4, most);
    t_large = seconds_of([&] { run(large); });
  }
  const auto more = static_cast<double>(large - small);
  Speed speed;
  speed.units_per_second = more / std::max(t_large - t_small, 1e-9);
  speed.latency_seconds =
      std::max(t_small - static_cast<double>(small) / speed.units_per_second, 0.0);
  return speed;
}

Speed measure_mine(Device& device) {
  const std::array<std::uint32_t, 1> versions = {1};
  const kernels::MineParams params = pow::make_mine_params({}, versions, pow::Target{});
  return fit(kSmallHashes, kMostHashes, [&](std::size_t hashes) {
    (void)device.scan(params, {0, hashes, 1});
  });
}

Speed measure_hash(Device& device) {
  const std::vector<std::uint8_t> data(kMostMessages * kMessageBytes);
  std::vector<Digest> out(kMostMessages);
  Speed speed = fit(kSmallMessages, kMostMessages, [&](std::size_t messages) {
    device.hash_many(MessageView::fixed(Bytes(data).first(messages * kMessageBytes), kMessageBytes),
                     std::nullopt, std::span(out).first(messages));
  });
  speed.units_per_second *= kMessageBytes;
  return speed;
}

Speed measure_merkle(Device& device) {
  const std::vector<std::uint8_t> data(kMostLeaves * sizeof(Digest));
  return fit(kSmallLeaves, kMostLeaves, [&](std::size_t leaves) {
    const Bytes entries = Bytes(data).first(leaves * sizeof(Digest));
    (void)device.merkle_root(TreeKind::rfc9162, MessageView::fixed(entries, sizeof(Digest)));
  });
}

Speed measure_verify(Device& device) {
  ForeignSignatures signatures(2 * kMostSignatures);
  std::vector<signature::Reason> out(kMostSignatures);
  return fit(kSmallSignatures, kMostSignatures, [&](std::size_t count) {
    device.verify_signatures(signatures.take(count), std::span(out).first(count));
  });
}

Speed measure(Device& device, Job job) {
  switch (job) {
    case Job::mine: return measure_mine(device);
    case Job::hash: return measure_hash(device);
    case Job::merkle: return measure_merkle(device);
    case Job::verify: return measure_verify(device);
  }
  return {};
}

/// Devices whose speed at the job is known afterwards; one that fails the measurement is dropped.
std::vector<Slot*> measured_slots(DevicePool& pool, Job job) {
  std::vector<Slot*> measured;
  for (Slot* slot : pool.slots(job)) {
    try {
      if (slot->speed(job).units_per_second == 0) {
        const std::scoped_lock lock(slot->busy);  // so that nothing else is measured beside it
        slot->set_speed(job, measure(*slot->device, job));
      }
      measured.push_back(slot);
    } catch (const Error& error) {
      pool.drop(*slot, error);
    }
  }
  return measured.empty() ? pool.slots(job) : measured;
}

/// Time of a shared job: all end together, so units = sum of rate x (time - latency).
double shared_seconds(std::span<Slot* const> slots, Job job, double units) {
  double rate = 0;
  double credit = 0;
  for (const Slot* slot : slots) {
    const Speed speed = slot->speed(job);
    rate += speed.units_per_second;
    credit += speed.units_per_second * speed.latency_seconds;
  }
  return rate > 0 ? (units + credit) / rate : std::numeric_limits<double>::infinity();
}

/// What a job's rate is told in, and how many units of work that is.
struct RateUnit {
  const char* name;
  double units;
};

RateUnit rate_unit(Job job) {
  switch (job) {
    case Job::mine: return {"MH/s", 1e6};
    case Job::hash: return {"MB/s", 1e6};
    case Job::merkle: return {"M leaves/s", 1e6};
    case Job::verify: return {"k signatures/s", 1e3};
  }
  return {"", 1};
}

}  // namespace

double predicted_seconds(const Speed& speed, double units) {
  if (speed.units_per_second <= 0) return std::numeric_limits<double>::infinity();
  return speed.latency_seconds + units / speed.units_per_second;
}

std::vector<Slot*> choose_devices(DevicePool& pool, Job job, double units) {
  std::vector<Slot*> candidates = pool.slots(job);
  if (candidates.size() == 1) return candidates;
  candidates = measured_slots(pool, job);
  std::ranges::sort(candidates, [&](const Slot* a, const Slot* b) {
    return predicted_seconds(a->speed(job), units) < predicted_seconds(b->speed(job), units);
  });
  std::vector<Slot*> chosen = {candidates.front()};
  for (Slot* slot : std::span(candidates).subspan(1)) {
    if (slot->speed(job).latency_seconds < shared_seconds(chosen, job, units))
      chosen.push_back(slot);
  }
  return chosen;
}

std::vector<std::string> explain_placement(DevicePool& pool) {
  std::vector<std::string> lines;
  for (const Job job : kAllJobs) {
    for (Slot* slot : measured_slots(pool, job)) {
      const Speed speed = slot->speed(job);
      const RateUnit unit = rate_unit(job);
      lines.push_back(fmt::format("{:<7} {:<10} {:>9.1f} {}, {:.0f} us to start", to_string(job),
                                  slot->device->info().id(), speed.units_per_second / unit.units,
                                  unit.name, speed.latency_seconds * 1e6));
    }
  }
  return lines;
}

}  // namespace salus::engine
