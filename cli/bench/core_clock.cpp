#include "cli/bench/core_clock.h"

#include <time.h>

#include <algorithm>
#include <cstdint>

namespace salus::cli::bench {

#if defined(__x86_64__)

namespace {

constexpr int kTries = 20;
constexpr int kRounds = 100'000;
constexpr int kAddsPerRound = 16;

/// Time that this thread has run: other programs on the core do not count.
double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// Register operands: additions of a constant are folded away by the newest cores' renamers.
void add_chain() {
  std::uint64_t x = 0;
  const std::uint64_t one = 1;
  for (int i = 0; i < kRounds; ++i)
    asm volatile(
        "add %1, %0\n\tadd %1, %0\n\tadd %1, %0\n\tadd %1, %0\n\t"
        "add %1, %0\n\tadd %1, %0\n\tadd %1, %0\n\tadd %1, %0\n\t"
        "add %1, %0\n\tadd %1, %0\n\tadd %1, %0\n\tadd %1, %0\n\t"
        "add %1, %0\n\tadd %1, %0\n\tadd %1, %0\n\tadd %1, %0\n\t"
        : "+r"(x)
        : "r"(one)
        : "cc");
}

}  // namespace

double measure_core_clock() {
  double best = 0;
  for (int i = 0; i < kTries; ++i) {
    const double start = thread_seconds();
    add_chain();
    best = std::max(best, kRounds * kAddsPerRound / (thread_seconds() - start));
  }
  return best;
}

#else

double measure_core_clock() { return 0; }

#endif

}  // namespace salus::cli::bench
