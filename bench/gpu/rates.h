// Rates of a CUDA device that the limits in docs/performance/signatures.md are computed from.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace salus::bench::gpu {

/// How much work one measurement is.
struct Effort {
  std::uint32_t instruction_turns = 20'000;
  std::uint32_t field_turns = 40'000;
  std::uint64_t copied_bytes = std::uint64_t{256} << 20;
  int repetitions = 5;
};

struct Rate {
  std::string name;
  std::string unit;  ///< "operations/s" or "bytes/s"
  double value;      ///< The best of all repetitions.
};

struct DeviceRates {
  std::string device;
  unsigned multiprocessors;
  double clock_hz;  ///< The highest that the device may run at.
  std::vector<Rate> rates;
};

/// Measures CUDA device `index` with all its places taken: multiply-adds, both fields, and copies
/// between pinned memory and the device. Throws `Error` (device).
DeviceRates measure_rates(int index, const Effort& effort);

}  // namespace salus::bench::gpu
