// Statements taken in durably through a nats-server on this machine, from a thousand devices that
// have signed before.
//
//   build/test/bench/nats_bench [STATEMENTS [IN A MESSAGE [BATCH [FETCHES [FOLDER]]]]]
//
// Two rounds: "live", where statements are fetched while they are published, timed from the first
// publish; and "stored", where the stream has them all when the node starts. Both end when every
// message is acknowledged to the server; the log, in FOLDER, is synced before. Publisher, server
// and node share the machine. Afterwards the log is read: each statement must be in it once.
#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <unordered_set>

#include "cli/bench/block_factory.h"
#include "node/ingest/pipeline.h"
#include "node/nats/consumer.h"
#include "tests/node/chain/memory_storage.h"
#include "tests/node/nats/jetstream.h"
#include "tests/node/nats/nats_server.h"

namespace salus::bench {
namespace {

using namespace node;  // NOLINT: a program about nothing else
using SteadyClock = std::chrono::steady_clock;
using salus::test::JetStream;
using salus::test::NatsServer;

constexpr std::size_t kDevices = 1000;
constexpr const char* kSubject = "salus.statements.bench";
constexpr std::int64_t kMostUnconfirmed = 4096;  // of the publisher

struct Options {
  std::size_t statements = 200'000;
  std::size_t in_message = 1;
  nats::ConsumerOptions consumer;
  std::filesystem::path folder = std::filesystem::temp_directory_path();
};

struct Round {
  double published_seconds = 0;
  double seconds = 0;
  double node_cpu = 0;    ///< With the publisher.
  double server_cpu = 0;  ///< From the start to the end of the server.
  nats::Counters counters;
  PipelineStats intake;
};

double cpu_seconds(int who) {
  rusage usage{};
  ::getrusage(who, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double seconds_since(SteadyClock::time_point begin) {
  return std::chrono::duration<double>(SteadyClock::now() - begin).count();
}

[[noreturn]] void fail(const std::string& what) {
  fmt::print(stderr, "{}\n", what);
  std::exit(1);
}

/// As fast as the server confirms.
void publish_all(const std::string& url, const std::vector<std::vector<std::uint8_t>>& messages) {
  const JetStream client(url);
  jsOptions options;
  jsOptions_Init(&options);
  options.PublishAsync.MaxPending = kMostUnconfirmed;
  options.PublishAsync.StallWait = 30'000;
  const auto js = nats::take<nats::JetStreamHandle>("JetStream", [&](jsCtx** to) {
    return natsConnection_JetStream(to, client.connection(), &options);
  });
  for (const auto& message : messages)
    nats::check(js_PublishAsync(js.get(), kSubject, message.data(),
                                static_cast<int>(message.size()), nullptr),
                "publishing");
  nats::check(js_PublishAsyncComplete(js.get(), nullptr), "publishing");
}

class Load {
 public:
  explicit Load(const Options& options) : options_(options) {
    // In the order in which devices would send: one statement of each in turn.
    const std::size_t each = options.statements / kDevices;
    const auto sorted =
        factory_.many_telemetry(each * kDevices, factory_.genesis().parameters().time, 0);
    for (std::size_t i = 0; i < sorted.size(); ++i) {
      const auto& statement = sorted[(i % kDevices) * each + i / kDevices];
      if (i % options.in_message == 0) messages_.emplace_back();
      messages_.back().insert(messages_.back().end(), statement.begin(), statement.end());
    }
    count_ = sorted.size();
  }

  Round play(bool is_live) {
    const std::filesystem::path folder = options_.folder / "salus-nats-bench";
    std::filesystem::remove_all(folder);
    Round round;
    const double server_before = cpu_seconds(RUSAGE_CHILDREN);
    {
      NatsServer server;
      JetStream client(server.url());
      client.add_stream("SALUS", {"salus.statements.>"});
      if (!is_live) publish_all(server.url(), messages_);
      node::test::MemoryStorage storage;
      Mempool mempool;
      Chain chain(factory_.genesis(), engine_, storage);
      IntakeLog log(folder);
      IngestPipeline pipeline(chain, engine_, log, mempool);
      const double cpu_before = cpu_seconds(RUSAGE_SELF);
      const auto begin = SteadyClock::now();
      take_in(server.url(), pipeline, client, is_live, begin, round);
      round.seconds = seconds_since(begin);
      round.node_cpu = cpu_seconds(RUSAGE_SELF) - cpu_before;
      round.intake = pipeline.stats();
      pipeline.stop();
      check(log);
    }
    round.server_cpu = cpu_seconds(RUSAGE_CHILDREN) - server_before;
    std::filesystem::remove_all(folder);
    return round;
  }

  [[nodiscard]] std::size_t count() const { return count_; }

 private:
  void take_in(const std::string& url, StatementSink& sink, JetStream& client, bool is_live,
               SteadyClock::time_point begin, Round& round) {
    nats::ConsumerOptions options = options_.consumer;
    options.servers = {url};
    options.durable = "bench";
    const nats::Consumer consumer(options, sink);
    if (is_live) {
      publish_all(url, messages_);
      round.published_seconds = seconds_since(begin);
    }
    while (consumer.counters().acknowledged < messages_.size())
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    while (client.state("SALUS", "bench").unacknowledged != 0)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    round.counters = consumer.counters();
  }

  void check(const IntakeLog& log) const {
    std::unordered_set<std::string> found;
    std::size_t records = 0;
    log.replay(0, [&](Sequence, Bytes record) {
      found.emplace(reinterpret_cast<const char*>(record.data()), record.size());
      ++records;
    });
    if (records != count_ || found.size() != count_)
      fail(fmt::format("{} records in the log, {} different ones, of {}", records, found.size(),
                       count_));
  }

  const Options options_;
  engine::Engine engine_{{.devices = "cpu"}};
  cli::bench::BlockFactory factory_{engine_, {.devices = kDevices}};
  std::vector<std::vector<std::uint8_t>> messages_;
  std::size_t count_ = 0;
};

void print(const char* name, const Round& round, std::size_t count) {
  const auto statements = static_cast<double>(count);
  fmt::print(
      "{:<7}{:>8.0f} statements/s durable and acknowledged, none lost or doubled   {:.0f} a "
      "submission\n       intake p50 {:.1f} ms  p99 {:.1f} ms   CPU a statement: node and "
      "publisher "
      "{:.1f} us, server {:.1f} us\n       redelivered {}  duplicates {}  refused {}  stalls {}\n",
      name, statements / round.seconds,
      statements / static_cast<double>(round.counters.submissions), round.intake.p50_seconds * 1e3,
      round.intake.p99_seconds * 1e3, round.node_cpu * 1e6 / statements,
      round.server_cpu * 1e6 / statements, round.counters.redelivered, round.counters.duplicates,
      round.counters.refused, round.counters.stalls);
  if (round.published_seconds > 0)
    fmt::print("       published at {:.0f} statements/s\n", statements / round.published_seconds);
  std::fflush(stdout);
}

int run(const Options& options) {
  if (!salus::test::find_program("nats-server")) fail("nats-server is not installed");
  Load load(options);
  print("live", load.play(true), load.count());
  print("stored", load.play(false), load.count());
  return 0;
}

Options options_from(int argc, char** argv) {
  Options options;
  if (argc > 1) options.statements = std::stoul(argv[1]);
  if (argc > 2) options.in_message = std::stoul(argv[2]);
  if (argc > 3) options.consumer.batch = std::stoul(argv[3]);
  if (argc > 4) options.consumer.fetches = std::stoul(argv[4]);
  if (argc > 5) options.folder = argv[5];
  return options;
}

}  // namespace
}  // namespace salus::bench

int main(int argc, char** argv) {
  return salus::bench::run(salus::bench::options_from(argc, argv));
}
