// The node's storage: the intake log, block commits, restart. Everything is synced to the disk of
// the folder that SALUS_BENCH_FOLDER names (default: the working folder), so that the figures are
// those of that disk.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "node/store/block_store.h"
#include "node/store/intake_log.h"

namespace {

using namespace salus;
using namespace salus::node;

constexpr std::size_t kStatements = 10'000;
constexpr std::size_t kDevices = 1'000;
constexpr std::size_t kStatementBytes = 200;
constexpr std::size_t kSignatureBytes = 64;

/// A folder that is empty, and gone when the benchmark is.
class BenchFolder {
 public:
  BenchFolder() {
    const char* base = std::getenv("SALUS_BENCH_FOLDER");
    path_ = std::filesystem::path(base != nullptr ? base : ".") / "store_bench.tmp";
    std::filesystem::remove_all(path_);
  }
  ~BenchFolder() { std::filesystem::remove_all(path_); }
  BenchFolder(const BenchFolder&) = delete;
  BenchFolder& operator=(const BenchFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Blocks of statements that compress as telemetry does: a device's text and a few numbers, then a
/// signature.
class MadeBlocks {
 public:
  MadeBlocks()
      : leaves_(kStatements), ids_(kStatements), bodies_(kStatements), terms_(kStatements) {
    for (std::size_t i = 0; i < kDevices; ++i) {
      for (auto& byte : signers_[i]) byte = static_cast<std::uint8_t>(random_());
      subjects_[i] = "patient-" + std::to_string(i % 300);
      state_keys_[i].assign(signers_[i].begin(), signers_[i].end());
    }
    for (std::size_t i = 0; i < kStatements; ++i) {
      const std::size_t device = i / (kStatements / kDevices);
      std::string text = "\xd2\x84\x58\x40" +
                         std::string(signers_[device].begin(), signers_[device].end()) +
                         "ward-4.hospital.example" + subjects_[device] +
                         "urn:dev:mac:0024befffe804ff1 hr spo2 temp rr 72.5 98.0 36.6 14.0";
      text.resize(kStatementBytes, '\x60');
      texts_.push_back(text);
    }
  }

  /// Valid until the next call.
  BlockRecord block(Height height) {
    for (std::size_t i = 0; i < kStatements; ++i) {
      std::string& text = texts_[i];
      fill(text.data() + text.size() - kSignatureBytes, kSignatureBytes);
      const std::uint32_t sequence = height * 10 + static_cast<std::uint32_t>(i % 10);
      std::memcpy(text.data() + 110, &sequence, sizeof sequence);
      fill(leaves_[i].data(), sizeof leaves_[i]);
      fill(ids_[i].data(), sizeof ids_[i]);
      bodies_[i] = as_bytes(text);
      const std::size_t device = i / (kStatements / kDevices);
      terms_[i] = {.signer = signers_[device],
                   .subject = subjects_[device],
                   .time = 1'700'000'000 + height * 10 + static_cast<std::int64_t>(i % 10),
                   .type = 0};
    }
    state_.clear();
    for (std::size_t i = 0; i < kDevices; ++i) {
      state_values_[i].assign(80, static_cast<std::uint8_t>(height));
      state_.push_back({state_keys_[i], Bytes(state_values_[i])});
    }
    undo_.assign(kDevices * 24, static_cast<std::uint8_t>(height));
    fill(id_.data(), sizeof id_);
    return {.height = height,
            .id = id_,
            .header = header_,
            .leaf_hashes = leaves_,
            .statement_ids = ids_,
            .bodies = bodies_,
            .terms = terms_,
            .state = state_,
            .undo = undo_};
  }

 private:
  template <typename Pointer>
  void fill(Pointer* out, std::size_t bytes) {
    for (std::size_t at = 0; at < bytes; at += 8) {
      const std::uint64_t word = random_();
      std::memcpy(out + at, &word, std::min<std::size_t>(8, bytes - at));
    }
  }

  std::mt19937_64 random_{1};
  std::array<std::array<std::uint8_t, 16>, kDevices> signers_{};
  std::array<std::string, kDevices> subjects_;
  std::array<std::vector<std::uint8_t>, kDevices> state_keys_, state_values_;
  std::vector<std::string> texts_;
  std::vector<Digest> leaves_, ids_;
  std::vector<Bytes> bodies_;
  std::vector<IndexTerms> terms_;
  std::vector<StateChange> state_;
  std::vector<std::uint8_t> undo_;
  std::array<std::uint8_t, 80> header_{};
  BlockId id_{};
};

double percentile(std::vector<double>& values, double part) {
  std::ranges::sort(values);
  return values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))];
}

double milliseconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
      .count();
}

/// One producer as fast as the log takes batches; another thread waits for each, as the pipeline's
/// last stage does. `wait` is from append to durable.
void intake_log_flood(benchmark::State& state) {
  const BenchFolder folder;
  IntakeLog log(folder.path());
  const std::vector<std::uint8_t> statement(kStatementBytes, 0x5a);
  const std::vector<Bytes> batch(static_cast<std::size_t>(state.range(0)), Bytes(statement));
  for (auto _ : state) {
    const Sequence last = log.append(batch);
    // What is behind is released, as blocks would do.
    if (log.durable_up_to() > 1'000'000) log.release(log.durable_up_to() - 1'000'000);
    benchmark::DoNotOptimize(last);
  }
  log.wait_durable(log.append({}));
  state.SetItemsProcessed(static_cast<std::int64_t>(log.stats().records));
  state.counters["syncs"] = static_cast<double>(log.stats().syncs);
}
BENCHMARK(intake_log_flood)->Arg(100)->Arg(1000)->UseRealTime()->MinTime(2);

/// Batches at a given rate, and another thread that waits for each, as the last stage of a pipeline
/// does.
void intake_log_at_rate(benchmark::State& state) {
  const BenchFolder folder;
  IntakeLog log(folder.path());
  const std::vector<std::uint8_t> statement(kStatementBytes, 0x5a);
  constexpr std::size_t kBatch = 300;  // 2 ms of 150,000 a second
  const std::vector<Bytes> batch(kBatch, Bytes(statement));
  const auto pause = std::chrono::nanoseconds(1'000'000'000LL * kBatch / state.range(0));
  std::vector<double> waits;
  // `sent[i]` is written before batch i is appended, and read after it is durable.
  std::vector<std::chrono::steady_clock::time_point> sent(state.max_iterations);
  std::jthread waiter([&](const std::stop_token& stop) {
    for (std::size_t i = 0; i < sent.size() && !stop.stop_requested();) {
      const Sequence last = (i + 1) * kBatch;
      while (log.durable_up_to() < last && !stop.stop_requested()) {
        std::this_thread::sleep_for(std::chrono::microseconds(100));
      }
      for (; i < sent.size() && (i + 1) * kBatch <= log.durable_up_to(); ++i) {
        waits.push_back(milliseconds_since(sent[i]));
      }
    }
  });
  std::size_t batches = 0;
  auto next = std::chrono::steady_clock::now();
  for (auto _ : state) {
    std::this_thread::sleep_until(next);
    next += pause;
    sent[batches++] = std::chrono::steady_clock::now();
    log.append(batch);
  }
  waiter.join();
  state.SetItemsProcessed(static_cast<std::int64_t>(log.stats().records));
  state.counters["syncs"] = static_cast<double>(log.stats().syncs);
  state.counters["p50_ms"] = percentile(waits, 0.5);
  state.counters["p99_ms"] = percentile(waits, 0.99);
  state.counters["max_ms"] = percentile(waits, 1);
}
BENCHMARK(intake_log_at_rate)->Arg(75'000)->Arg(150'000)->UseRealTime()->Iterations(2000);

void intake_log_replay(benchmark::State& state) {
  const BenchFolder folder;
  {
    IntakeLog log(folder.path());
    const std::vector<std::uint8_t> statement(kStatementBytes, 0x5a);
    const std::vector<Bytes> batch(1000, Bytes(statement));
    for (int i = 0; i < 1000; ++i) log.append(batch);
  }
  for (auto _ : state) {
    const IntakeLog log(folder.path());
    std::size_t records = 0;
    log.replay(0, [&](Sequence, Bytes) { ++records; });
    if (records != 1'000'000) state.SkipWithError("records are missing");
  }
  state.SetItemsProcessed(state.iterations() * 1'000'000);
}
BENCHMARK(intake_log_replay)->UseRealTime()->Unit(benchmark::kMillisecond);

void commit_blocks(benchmark::State& state) {
  const BenchFolder folder;
  BlockStore store(folder.path());
  MadeBlocks made;
  Height height = 0;
  std::vector<double> times;
  for (auto _ : state) {
    state.PauseTiming();
    const BlockRecord block = made.block(height++);
    state.ResumeTiming();
    const auto start = std::chrono::steady_clock::now();
    store.commit(block);
    times.push_back(milliseconds_since(start));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kStatements));
  state.counters["p50_ms"] = percentile(times, 0.5);
  state.counters["p99_ms"] = percentile(times, 0.99);
  state.counters["memory_MB"] = static_cast<double>(store.stats().memory_bytes) / 1e6;
  state.counters["disk_B_per_statement"] =
      static_cast<double>(store.stats().disk_bytes) / (static_cast<double>(height) * kStatements);
}
BENCHMARK(commit_blocks)->UseRealTime()->Unit(benchmark::kMillisecond)->Iterations(300);

/// A chain of 1,000,000 statements, made once.
const std::filesystem::path& million() {
  static const auto folder = [] {
    auto made = std::make_unique<BenchFolder>();
    BlockStore store(made->path());
    MadeBlocks blocks;
    for (Height height = 0; height < 100; ++height) store.commit(blocks.block(height));
    return made;
  }();
  return folder->path();
}

/// Opens it and loads the state and all headers: what a node does before it is ready.
void restart_million(benchmark::State& state) {
  const auto& folder = million();
  for (auto _ : state) {
    const BlockStore store(folder);
    std::size_t keys = 0, headers = 0;
    store.for_each_state([&](Bytes, Bytes) { ++keys; });
    store.for_each_header(0, [&](Height, const StoredHeader&) { return ++headers > 0; });
    if (keys != kDevices || headers != 100) state.SkipWithError("something is missing");
  }
}
BENCHMARK(restart_million)->UseRealTime()->Unit(benchmark::kMillisecond);

void read_body(benchmark::State& state) {
  const BlockStore store(million());
  std::mt19937 random(1);
  for (auto _ : state) {
    const auto body = store.body(
        {static_cast<Height>(random() % 100), static_cast<std::uint32_t>(random() % kStatements)});
    if (body.presence != BodyPresence::present) state.SkipWithError("a body is missing");
  }
}
BENCHMARK(read_body)->UseRealTime();

void read_block(benchmark::State& state) {
  const BlockStore store(million());
  Height height = 0;
  for (auto _ : state) benchmark::DoNotOptimize(store.bodies(height++ % 100));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kStatements));
}
BENCHMARK(read_block)->UseRealTime()->Unit(benchmark::kMillisecond);

void find_by_id(benchmark::State& state) {
  const BlockStore store(million());
  std::mt19937 random(1);
  std::vector<Digest> ids;
  for (Height height = 0; height < 100; height += 10) {
    for (const Digest& id : store.statement_ids(height)) ids.push_back(id);
  }
  for (auto _ : state) {
    if (!store.find_statement(ids[random() % ids.size()])) state.SkipWithError("an id is missing");
  }
  state.counters["in_memory"] = static_cast<double>(store.stats().ids_in_memory);
}
BENCHMARK(find_by_id)->UseRealTime();

void find_by_signer(benchmark::State& state) {
  const BlockStore store(million());
  const auto first = store.body({50, 0}).bytes;
  const Bytes signer = Bytes(first).subspan(4, 16);
  for (auto _ : state) {
    const auto page = store.find({.kind = IndexKind::signer, .term = signer, .limit = 1000});
    if (page.hits.size() != 1000) state.SkipWithError("statements are missing");
  }
  state.SetItemsProcessed(state.iterations() * 1000);
}
BENCHMARK(find_by_signer)->UseRealTime()->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
