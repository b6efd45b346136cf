// Header scan on one core: every variant that this CPU supports, with 1 to 8 versions rolled.
//
//   taskset -c 1 build/test/bench/mine_bench
//
// "hashes" is hashes a second; "cycles" is core cycles a hash, by the clock measured beside it.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <string>
#include <vector>

#include "cli/bench/core_clock.h"
#include "engine/cpu/variant_choice.h"
#include "engine/pow/header.h"

namespace salus::bench {
namespace {

kernels::MineParams params_for(unsigned versions) {
  std::vector<std::uint32_t> rolled;
  for (std::uint32_t v = 0; v < versions; ++v) rolled.push_back(0x20000000 | v << 13);
  kernels::MineParams params = pow::make_mine_params(pow::Header{}, rolled, pow::Target{});
  params.reject_mask = 0xffffffff;
  return params;
}

void scan(benchmark::State& state, const engine::cpu::CpuVariant& variant, unsigned versions) {
  const kernels::MineParams params = params_for(versions);
  const engine::ScanRange range{0, 32768 / versions, versions};
  std::vector<engine::Candidate> found;
  double clock = cli::bench::measure_core_clock();
  for (auto _ : state) variant.scan(params, range, found);
  clock = (clock + cli::bench::measure_core_clock()) / 2;
  const double hashes =
      static_cast<double>(state.iterations()) * static_cast<double>(range.nonce_count * versions);
  state.counters["hashes"] = benchmark::Counter(hashes, benchmark::Counter::kIsRate);
  state.counters["cycles"] =
      benchmark::Counter(hashes / clock, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["GHz"] = clock / 1e9;
}

}  // namespace
}  // namespace salus::bench

int main(int argc, char** argv) {
  for (const auto* variant : salus::engine::cpu::supported_variants()) {
    for (const unsigned versions : {1U, 2U, 4U, 8U}) {
      const std::string name = std::string(variant->name) + "/versions:" + std::to_string(versions);
      benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) {
        salus::bench::scan(state, *variant, versions);
      });
    }
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
