#include "bench/core_clock.h"

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace salus::bench {

double core_clock_hz() {
  using Clock = std::chrono::steady_clock;
  constexpr int kRounds = 10;  // the best counts: others may have been interrupted
  constexpr std::uint64_t kSteps = 100'000;
  constexpr std::uint64_t kAddsPerStep = 8;
  double best = 0;
  for (int round = 0; round < kRounds; ++round) {
    std::uint64_t sum = 0;
    const auto begin = Clock::now();
    for (std::uint64_t step = 0; step < kSteps; ++step) {
      for (std::uint64_t i = 0; i < kAddsPerStep; ++i) {
        sum += step;
        __asm__ volatile("" : "+r"(sum));  // keeps the additions apart and in a chain
      }
    }
    const std::chrono::duration<double> seconds = Clock::now() - begin;
    best = std::max(best, static_cast<double>(kSteps * kAddsPerStep) / seconds.count());
  }
  return best;
}

}  // namespace salus::bench
