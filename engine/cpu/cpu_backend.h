// The CPU as a device: always there, always complete.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/device.h"

namespace salus::engine {

struct CpuOptions {
  /// Worker threads; 0 takes every core that affinity and cgroup limits allow.
  unsigned threads = 0;
  /// Variant forced by name ("avx512", "avx2", "sse2", "sha-ni", "scalar"); empty lets the CPU
  /// backend choose for each job by CPUID and a short measurement.
  std::string variant = {};
  /// Variant of signature verification forced by name ("ifma", "avx2", "portable"); empty lets the
  /// CPU backend choose for each algorithm by CPUID and a short measurement.
  std::string verify_variant = {};
};

/// The variants that this machine can run, fastest instruction set first.
std::vector<std::string> cpu_variants();

/// The variants of signature verification that this machine can run, fastest instruction set first.
std::vector<std::string> cpu_verify_variants();

/// Opens the CPU. Throws `Error` (usage) when a forced variant is unknown or cannot run here.
std::unique_ptr<Device> open_cpu_device(const CpuOptions& options);

}  // namespace salus::engine
