// Measures what a CUDA device can do, before anything is claimed about kernels:
//
//   gpu_rates [DEVICE [FILE]]     rates of CUDA device DEVICE (0), as JSON to FILE too
//
// "a multiprocessor and clock" divides by the device's highest clock: what it really ran at,
// nvidia-smi shows.
#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "bench/gpu/rates.h"
#include "engine/error.h"

namespace {

using salus::bench::gpu::DeviceRates;

nlohmann::json to_json(const DeviceRates& rates) {
  nlohmann::json json = {{"device", rates.device},
                         {"multiprocessors", rates.multiprocessors},
                         {"clock_hz", rates.clock_hz}};
  for (const auto& rate : rates.rates)
    json["rates"].push_back({{"name", rate.name}, {"unit", rate.unit}, {"value", rate.value}});
  return json;
}

void show(const DeviceRates& rates) {
  const double clocks = rates.clock_hz * rates.multiprocessors;
  fmt::print("{}: {} multiprocessors, {:.2f} GHz\n", rates.device, rates.multiprocessors,
             rates.clock_hz / 1e9);
  for (const auto& rate : rates.rates) {
    fmt::print("{:28} {:12.4g} {}", rate.name, rate.value, rate.unit);
    if (rate.unit == "operations/s")
      fmt::print(", {:.3g} a multiprocessor and clock", rate.value / clocks);
    fmt::print("\n");
  }
}

std::optional<int> parse_index(std::string_view text) {
  int index = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
  if (error != std::errc() || end != text.data() + text.size() || index < 0) return std::nullopt;
  return index;
}

}  // namespace

int main(int argc, char** argv) {
  const std::optional<int> index = argc > 1 ? parse_index(argv[1]) : 0;
  if (!index || argc > 3) {
    fmt::print(stderr, "usage: gpu_rates [DEVICE [FILE]]\n");
    return 2;
  }
  try {
    const DeviceRates rates = salus::bench::gpu::measure_rates(*index, {});
    show(rates);
    if (argc < 3) return 0;
    std::ofstream file(argv[2]);
    file << to_json(rates).dump(2) << '\n';
    if (file.flush()) return 0;
    fmt::print(stderr, "gpu_rates: cannot write {}\n", argv[2]);
  } catch (const salus::Error& error) {
    fmt::print(stderr, "gpu_rates: {}\n", error.what());
  }
  return 1;
}
