// Merkle roots over a million entries of 32 bytes: every CPU variant on one thread, and the chosen
// one on one thread and on all, beside a tree over OpenSSL with a fetched algorithm and a reused
// context.
//
//   build/test/bench/merkle_bench
//
// "leaves" is leaves a second: of the thread's CPU time, and with all cores of wall-clock time.
#include <benchmark/benchmark.h>
#include <openssl/evp.h>

#include <memory>
#include <string>
#include <vector>

#include "engine/cpu/cpu_backend.h"

namespace salus::bench {
namespace {

using engine::MessageView;
using engine::TreeKind;

constexpr std::size_t kLeaves = 1'000'000;

const std::vector<std::uint8_t>& entries() {
  static const std::vector<std::uint8_t> bytes = [] {
    std::vector<std::uint8_t> out(32 * kLeaves);
    std::uint32_t x = 1;
    for (std::uint8_t& byte : out)
      byte = static_cast<std::uint8_t>((x = x * 1664525 + 1013904223) >> 24);
    return out;
  }();
  return bytes;
}

void count_leaves(benchmark::State& state) {
  state.counters["leaves"] =
      benchmark::Counter(static_cast<double>(kLeaves) * static_cast<double>(state.iterations()),
                         benchmark::Counter::kIsRate);
}

void root(benchmark::State& state, const engine::CpuOptions& options, TreeKind kind) {
  const auto device = engine::open_cpu_device(options);
  const auto view = MessageView::fixed(entries(), 32);
  for (auto _ : state) {
    Digest digest = device->merkle_root(kind, view);
    benchmark::DoNotOptimize(digest);
  }
  count_leaves(state);
}

/// RFC 9162, level by level in place; an odd node rises.
void openssl(benchmark::State& state) {
  const std::unique_ptr<EVP_MD, void (*)(EVP_MD*)> algorithm(
      EVP_MD_fetch(nullptr, "SHA256", nullptr), EVP_MD_free);
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(),
                                                                   EVP_MD_CTX_free);
  const auto hash = [&](std::uint8_t prefix, const std::uint8_t* data, std::size_t size,
                        Digest& out) {
    EVP_DigestInit_ex2(context.get(), algorithm.get(), nullptr);
    EVP_DigestUpdate(context.get(), &prefix, 1);
    EVP_DigestUpdate(context.get(), data, size);
    EVP_DigestFinal_ex(context.get(), out.data(), nullptr);
  };
  std::vector<Digest> level(kLeaves);
  for (auto _ : state) {
    for (std::size_t i = 0; i < kLeaves; ++i) hash(0x00, &entries()[32 * i], 32, level[i]);
    for (std::size_t n = kLeaves; n > 1; n = (n + 1) / 2) {
      for (std::size_t i = 0; i < n / 2; ++i) hash(0x01, level[2 * i].data(), 64, level[i]);
      if (n % 2 != 0) level[n / 2] = level[n - 1];
    }
    benchmark::DoNotOptimize(level[0]);
  }
  count_leaves(state);
}

void add(const std::string& name, const engine::CpuOptions& options) {
  for (const TreeKind kind : {TreeKind::rfc9162, TreeKind::bitcoin}) {
    std::string title = name;
    title += kind == TreeKind::rfc9162 ? "/rfc9162" : "/bitcoin";
    auto* const added = benchmark::RegisterBenchmark(
        title.c_str(), [=](benchmark::State& state) { root(state, options, kind); });
    added->Unit(benchmark::kMillisecond);
    if (options.threads != 1) added->UseRealTime();
  }
}

void add_all() {
  entries();  // made before anything is timed
  benchmark::RegisterBenchmark("openssl/rfc9162", openssl)->Unit(benchmark::kMillisecond);
  for (const std::string& variant : engine::cpu_variants())
    add(variant, {.threads = 1, .variant = variant});
  add("chosen", {.threads = 1, .variant = {}});
  add("chosen/all_cores", {.threads = 0, .variant = {}});
}

}  // namespace
}  // namespace salus::bench

int main(int argc, char** argv) {
  salus::bench::add_all();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
