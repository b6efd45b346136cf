#include "cli/bench/sampling.h"

#include <algorithm>
#include <chrono>

#include "engine/error.h"

namespace salus::cli::bench {
namespace {

constexpr std::size_t kLeastSamples = 3;
constexpr double kSamplesPerRow = 20;
/// Shorter samples would show the timer and the scheduler.
constexpr double kShortestSample = 0.010;

struct Timed {
  double amount;
  double seconds;
  [[nodiscard]] double rate() const { return amount / seconds; }
};

Timed time_once(const Work& work, double amount) {
  const auto start = std::chrono::steady_clock::now();
  const double done = work(amount);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  return {done, std::max(taken.count(), 1e-9)};
}

/// The amount of work that takes about `seconds`: raised until a try takes at least half as long.
double calibrate(const Work& work, double seconds, const std::stop_token& stop) {
  double amount = 1;
  while (true) {
    if (stop.stop_requested()) throw Cancelled();
    const Timed timed = time_once(work, amount);
    amount = std::max(amount, timed.amount);
    const double wanted = timed.rate() * seconds;
    if (timed.seconds >= seconds / 2) return wanted;
    // Launch costs make short tries look slow: approach in steps.
    amount = std::clamp(wanted, amount * 2, amount * 16);
  }
}

}  // namespace

std::vector<double> sample_rates(const Work& work, double seconds, const std::stop_token& stop) {
  const double amount = calibrate(work, std::max(seconds / kSamplesPerRow, kShortestSample), stop);
  std::vector<double> rates;
  for (double spent = 0; rates.size() < kLeastSamples || spent < seconds;) {
    if (stop.stop_requested()) throw Cancelled();
    const Timed timed = time_once(work, amount);
    rates.push_back(timed.rate());
    spent += timed.seconds;
  }
  return rates;
}

}  // namespace salus::cli::bench
