// Statements taken in durably, in-process, from a thousand devices that have signed before.
//
//   build/test/bench/ingest_bench [SECONDS [RATE [INTERVAL [FOLDER]]]]
//
// With a rate of 0 (statements a second) as fast as they are taken. With an interval (milliseconds)
// blocks are mined and validated beside, with an easy target and kept in memory. The log is in
// FOLDER (the temporary folder) and synced; time is by the clock on the wall, and latency is from
// `submit` to the acknowledgement. Statements are played again and again on chains of their own,
// since signing is slower than all this: a round ends when all of them were taken, and is timed
// alone.
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <semaphore>
#include <string>
#include <thread>

#include "cli/bench/block_factory.h"
#include "node/ingest/pipeline.h"
#include "node/mining/block_producer.h"
#include "tests/node/chain/memory_storage.h"

namespace salus::bench {
namespace {

using namespace node;  // NOLINT: a program about nothing else
using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kDevices = 1000;
constexpr std::size_t kStatements = 400000;
constexpr std::size_t kInSubmission = 100;

struct Options {
  double seconds = 10;
  double rate = 0;
  long interval_ms = 0;  // no blocks
  std::filesystem::path folder = std::filesystem::temp_directory_path();
};

/// What one round found.
struct Round {
  double seconds = 0;
  PipelineStats stats;
  std::uint64_t in_blocks = 0;
};

class Load {
 public:
  explicit Load(const Options& options) : options_(options) {
    // In the order in which devices would send: one statement of each in turn.
    const std::size_t each = kStatements / kDevices;
    const auto sorted =
        factory_.many_telemetry(kStatements, factory_.genesis().parameters().time, 0);
    for (std::size_t k = 0; k < each; ++k)
      for (std::size_t device = 0; device < kDevices; ++device)
        messages_.push_back(sorted[device * each + k]);
  }

  Round play() {
    const std::filesystem::path folder = options_.folder / "salus-ingest-bench";
    std::filesystem::remove_all(folder);
    Round round;
    {
      node::test::MemoryStorage storage;
      Mempool mempool;
      ChainOptions chain_options;
      chain_options.on_connected = [&mempool](const ConnectedBlock& b) { mempool.on_connected(b); };
      Chain chain(factory_.genesis(), engine_, storage, chain_options);
      IntakeLog log(folder);
      IngestPipeline pipeline(chain, engine_, log, mempool);
      const auto producer = make_producer(chain, mempool);
      const auto begin = SteadyClock::now();
      send(pipeline, begin);
      pipeline.stop();
      round.seconds = std::chrono::duration<double>(SteadyClock::now() - begin).count();
      round.stats = pipeline.stats();
      if (producer) producer->stop();
      round.in_blocks = mempool.stats().included;
    }
    std::filesystem::remove_all(folder);
    if (round.stats.accepted != kStatements) {
      fmt::print(stderr, "{} of {} were accepted\n", round.stats.accepted, kStatements);
      std::exit(1);
    }
    return round;
  }

 private:
  std::unique_ptr<BlockProducer> make_producer(Chain& chain, Mempool& mempool) {
    if (options_.interval_ms == 0) return nullptr;
    ProducerOptions options;
    options.interval = std::chrono::milliseconds(options_.interval_ms);
    const SigningKey& key = factory_.validator(0);
    return std::make_unique<BlockProducer>(chain, engine_, mempool, key.id(), sign_by(key),
                                           options);
  }

  void send(IngestPipeline& pipeline, SteadyClock::time_point begin) {
    for (std::size_t at = 0; at < messages_.size(); at += kInSubmission) {
      if (options_.rate > 0)
        std::this_thread::sleep_until(
            begin + std::chrono::duration_cast<SteadyClock::duration>(
                        std::chrono::duration<double>(static_cast<double>(at) / options_.rate)));
      Submission submission;
      for (std::size_t i = at; i < at + kInSubmission; ++i) {
        submission.bytes.insert(submission.bytes.end(), messages_[i].begin(), messages_[i].end());
        submission.ends.push_back(static_cast<std::uint32_t>(submission.bytes.size()));
      }
      while (!pipeline.submit(submission)) {
        std::binary_semaphore room{0};
        pipeline.call_when_room([&room] { room.release(); });
        room.acquire();
      }
    }
  }

  const Options options_;
  engine::Engine engine_{{.devices = "cpu"}};
  cli::bench::BlockFactory factory_{engine_, {.devices = kDevices}};
  std::vector<std::vector<std::uint8_t>> messages_;
};

void print(const Round& round) {
  const PipelineStats& stats = round.stats;
  fmt::print("{:9.0f} statements/s durable  p50 {:6.2f} ms  p99 {:6.2f} ms ",
             static_cast<double>(stats.accepted) / round.seconds, stats.p50_seconds * 1e3,
             stats.p99_seconds * 1e3);
  for (const StageStats& stage : stats.stages)
    fmt::print(" {} {:.0f} %", stage.name, 100 * stage.busy_seconds / round.seconds);
  fmt::print("  {:.0f} a batch  {} in blocks\n",
             static_cast<double>(stats.accepted) / static_cast<double>(stats.stages[0].batches),
             round.in_blocks);
  std::fflush(stdout);
}

int run(const Options& options) {
  Load load(options);
  double seconds = 0;
  while (seconds < options.seconds) {
    const Round round = load.play();
    seconds += round.seconds;
    print(round);
  }
  return 0;
}

}  // namespace
}  // namespace salus::bench

int main(int argc, char** argv) {
  salus::bench::Options options;
  if (argc > 1) options.seconds = std::stod(argv[1]);
  if (argc > 2) options.rate = std::stod(argv[2]);
  if (argc > 3) options.interval_ms = std::stol(argv[3]);
  if (argc > 4) options.folder = argv[4];
  return salus::bench::run(options);
}
