#include "cli/bench/limits.h"

#include <fmt/format.h>
#include <sched.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <string>

namespace salus::cli::bench {
namespace {

/// 512-bit instructions that our kernel needs for one unit of work.
struct InstructionCount {
  const char* workload;
  const char* kernel;  ///< What the kernel's name begins with.
  double instructions;
};

// Counted for one vector of 16 lanes (docs/performance/cpu-mining.md and cpu-hash.md, "limits").
// Hashing counts bytes: blocks of 64, and one of padding for each message.
constexpr double kLanes = 16;
constexpr double kBlock = 1704;
constexpr InstructionCount kCounts[] = {
    {"mine/8-versions", "avx512", 2575 / kLanes},
    {"mine/1-version", "avx512", 3012 / kLanes},
    {"hash/1-KiB", "avx512", kBlock * 17 / kLanes / 1024},
    {"hash/16-KiB", "avx512", kBlock * 257 / kLanes / 16384},
    {"merkle/rfc9162", "avx512", 4970 / kLanes},
};

/// Cores that this process may use, hyper-threads of one core counted once: they share its ports.
unsigned usable_physical_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  std::set<std::string> cores;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (!CPU_ISSET(cpu, &set)) continue;
    std::ifstream file(
        fmt::format("/sys/devices/system/cpu/cpu{}/topology/thread_siblings_list", cpu));
    std::string siblings = fmt::format("{}", cpu);
    file >> siblings;
    cores.insert(siblings);
  }
  return std::max(1U, static_cast<unsigned>(cores.size()));
}

}  // namespace

std::optional<Limit> limit_of(const std::string& workload, const std::string& kernel,
                              const SubjectInfo& subject, const CoreSpeed& core) {
  if (subject.threads == 0 || core.clock == 0 || core.vector_ports == 0) return std::nullopt;
  const unsigned cores = std::min(subject.threads, usable_physical_cores());
  for (const InstructionCount& count : kCounts)
    if (workload == count.workload && kernel.starts_with(count.kernel))
      return Limit{
          core.clock * core.vector_ports / count.instructions * cores,
          fmt::format("{:.3g} 512-bit instructions each, {:.2f} a cycle measured, {:.3f} GHz, "
                      "{} core{}",
                      count.instructions, core.vector_ports, core.clock / 1e9, cores,
                      cores == 1 ? "" : "s")};
  return std::nullopt;
}

}  // namespace salus::cli::bench
