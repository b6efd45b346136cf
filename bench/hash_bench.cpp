// Bulk hashing on one core: messages and streams through every CPU variant and through the mixture
// that is chosen by measurement, beside OpenSSL's one-shot SHA256().
//
//   taskset -c 1 build/test/bench/hash_bench
//
// "bytes" is message bytes a second.
#include <benchmark/benchmark.h>
#include <openssl/sha.h>

#include <functional>
#include <string>
#include <vector>

#include "engine/cpu/lane_hasher.h"

namespace salus::bench {
namespace {

using engine::LaneHasher;
using engine::MessageView;

/// Enough messages for all lanes, and few enough bytes to stay in the second-level cache.
constexpr std::size_t kBytes = 1 << 19;
/// More than any cache holds.
constexpr std::size_t kMemoryBytes = 64 << 20;

const std::vector<std::uint8_t>& input() {
  static const std::vector<std::uint8_t> bytes = [] {
    std::vector<std::uint8_t> out(kMemoryBytes);
    std::uint32_t x = 1;
    for (std::uint8_t& byte : out)
      byte = static_cast<std::uint8_t>((x = x * 1664525 + 1013904223) >> 24);
    return out;
  }();
  return bytes;
}

void count_bytes(benchmark::State& state, std::size_t bytes) {
  state.counters["bytes"] =
      benchmark::Counter(static_cast<double>(bytes) * static_cast<double>(state.iterations()),
                         benchmark::Counter::kIsRate);
}

void openssl(benchmark::State& state, std::size_t length) {
  Digest out;
  for (auto _ : state) {
    for (std::size_t begin = 0; begin + length <= kBytes; begin += length)
      SHA256(input().data() + begin, length, out.data());
    benchmark::DoNotOptimize(out);
  }
  count_bytes(state, kBytes / length * length);
}

void messages(benchmark::State& state, const std::string& variant, std::size_t length,
              std::size_t bytes) {
  const LaneHasher hasher({.threads = 1, .variant = variant});
  const auto view = MessageView::fixed(Bytes(input()).first(bytes / length * length), length);
  std::vector<Digest> out(view.count());
  for (auto _ : state) hasher.hash_many(view, std::nullopt, out);
  count_bytes(state, view.contiguous().size());
}

/// Lengths from 0 to twice `length`, each as likely.
void mixed(benchmark::State& state, const std::string& variant, std::size_t length) {
  const LaneHasher hasher({.threads = 1, .variant = variant});
  std::vector<Bytes> views;
  std::size_t bytes = 0;
  for (std::uint32_t i = 0; bytes < kBytes; ++i) {
    const std::size_t size = i * 2654435761U % (2 * length + 1);
    views.push_back(Bytes(input()).subspan(bytes, size));
    bytes += size;
  }
  std::vector<Digest> out(views.size());
  for (auto _ : state) hasher.hash_many(MessageView::scattered(views), std::nullopt, out);
  count_bytes(state, bytes);
}

/// `count` streams that take 64 KiB at a time out of main memory, as large files do.
void streams(benchmark::State& state, const std::string& variant, std::size_t count) {
  constexpr std::size_t kPiece = 1 << 16;
  const LaneHasher hasher({.threads = 1, .variant = variant});
  std::vector<engine::HashStream> all(count);
  std::vector<LaneHasher::Update> updates(count);
  std::size_t next = 0;
  for (auto _ : state) {
    for (std::size_t i = 0; i < count; ++i) {
      updates[i] = {&all[i], Bytes(input()).subspan(next, kPiece)};
      next = (next + kPiece) % input().size();
    }
    hasher.update(updates);
  }
  count_bytes(state, count * kPiece);
}

void add(std::string name, std::size_t number, const std::function<void(benchmark::State&)>& body) {
  name += '/';
  name += std::to_string(number);
  benchmark::RegisterBenchmark(name.c_str(), body);
}

void add_all() {
  input();  // made before anything is timed
  for (const std::size_t length : {32UL, 64UL, 256UL, 1024UL, 4096UL, 16384UL}) {
    add("openssl", length, [=](auto& state) { openssl(state, length); });
    for (const std::string& variant : engine::cpu_variants())
      add(variant, length, [=](auto& state) { messages(state, variant, length, kBytes); });
    add("chosen", length, [=](auto& state) { messages(state, "", length, kBytes); });
    add("chosen/memory", length, [=](auto& state) { messages(state, "", length, kMemoryBytes); });
    add("chosen/mixed", length, [=](auto& state) { mixed(state, "", length); });
  }
  for (const std::size_t count : {1UL, 2UL, 4UL, 8UL, 16UL, 32UL})
    add("chosen/streams", count, [=](auto& state) { streams(state, "", count); });
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
