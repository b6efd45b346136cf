#include "cli/bench/vector_ports.h"

#include <algorithm>

#include "engine/stopwatch.h"

namespace salus::cli::bench {

#if defined(__x86_64__)

namespace {

constexpr int kTries = 20;
constexpr int kRounds = 50'000;
constexpr int kInstructionsPerRound = 24;

/// One chain a register: 24 chains keep four ports busy at a latency of up to six cycles.
__attribute__((target("avx512f"))) void vector_mix() {
  for (int i = 0; i < kRounds; ++i)
    asm volatile(
        "vprord $7, %%zmm0, %%zmm0\n\t"
        "vpternlogd $0x96, %%zmm1, %%zmm1, %%zmm1\n\t"
        "vpaddd %%zmm2, %%zmm2, %%zmm2\n\t"
        "vprord $7, %%zmm3, %%zmm3\n\t"
        "vpternlogd $0x96, %%zmm4, %%zmm4, %%zmm4\n\t"
        "vpaddd %%zmm5, %%zmm5, %%zmm5\n\t"
        "vprord $7, %%zmm6, %%zmm6\n\t"
        "vpternlogd $0x96, %%zmm7, %%zmm7, %%zmm7\n\t"
        "vpaddd %%zmm8, %%zmm8, %%zmm8\n\t"
        "vprord $7, %%zmm9, %%zmm9\n\t"
        "vpternlogd $0x96, %%zmm10, %%zmm10, %%zmm10\n\t"
        "vpaddd %%zmm11, %%zmm11, %%zmm11\n\t"
        "vprord $7, %%zmm12, %%zmm12\n\t"
        "vpternlogd $0x96, %%zmm13, %%zmm13, %%zmm13\n\t"
        "vpaddd %%zmm14, %%zmm14, %%zmm14\n\t"
        "vprord $7, %%zmm15, %%zmm15\n\t"
        "vpternlogd $0x96, %%zmm16, %%zmm16, %%zmm16\n\t"
        "vpaddd %%zmm17, %%zmm17, %%zmm17\n\t"
        "vprord $7, %%zmm18, %%zmm18\n\t"
        "vpternlogd $0x96, %%zmm19, %%zmm19, %%zmm19\n\t"
        "vpaddd %%zmm20, %%zmm20, %%zmm20\n\t"
        "vprord $7, %%zmm21, %%zmm21\n\t"
        "vpternlogd $0x96, %%zmm22, %%zmm22, %%zmm22\n\t"
        "vpaddd %%zmm23, %%zmm23, %%zmm23\n\t"
        :
        :
        : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10",
          "xmm11", "xmm12", "xmm13", "xmm14", "xmm15", "xmm16", "xmm17", "xmm18", "xmm19", "xmm20",
          "xmm21", "xmm22", "xmm23");
  asm volatile("vzeroupper" ::: "memory");
}

}  // namespace

double measure_vector_ports(double clock) {
  if (clock == 0 || __builtin_cpu_supports("avx512f") == 0) return 0;
  double best = 0;
  for (int i = 0; i < kTries; ++i) {
    const Stopwatch watch;
    vector_mix();
    best = std::max(best, kRounds * kInstructionsPerRound / (watch.seconds() * clock));
  }
  return best;
}

#else

double measure_vector_ports(double) { return 0; }

#endif

}  // namespace salus::cli::bench
