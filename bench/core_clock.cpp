#include "bench/core_clock.h"

#include <time.h>

#include <algorithm>
#include <cstdint>

namespace salus::bench {
namespace {

/// Time that this thread has run: other programs on the core do not count.
double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace

double core_clock_hz() {
  constexpr int kRounds = 10;  // the best counts: others may have been interrupted
  constexpr std::uint64_t kSteps = 100'000;
  constexpr std::uint64_t kAddsPerStep = 8;
  double best = 0;
  for (int round = 0; round < kRounds; ++round) {
    std::uint64_t sum = 0;
    const double begin = thread_seconds();
    for (std::uint64_t step = 0; step < kSteps; ++step) {
      for (std::uint64_t i = 0; i < kAddsPerStep; ++i) {
        sum += step;
        __asm__ volatile("" : "+r"(sum));  // keeps the additions apart and in a chain
      }
    }
    best = std::max(best, static_cast<double>(kSteps * kAddsPerStep) / (thread_seconds() - begin));
  }
  return best;
}

}  // namespace salus::bench
