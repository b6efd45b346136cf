// What HTTP costs, client and server on one machine, with a sink that accepts at once:
//
//   build/test/bench/http_bench
//
// "items" is statements a second, in batches of 100 of 198 bytes each; the second argument is the
// number of connections, each with a thread of its own that waits for each answer.
#include <benchmark/benchmark.h>

#include <stdexcept>
#include <vector>

#include "engine/cbor_writer.h"
#include "node/api/http_server.h"
#include "tests/node/api/fakes.h"
#include "tests/node/api/http_client.h"

namespace salus::bench {
namespace {

constexpr std::size_t kBatch = 100;
constexpr std::size_t kPayloadBytes = 113;
constexpr std::size_t kSignatureBytes = 64;

/// Accepts everything before `submit` returns: what is left is the server's work.
class InstantSink : public node::StatementSink {
 public:
  bool submit(node::Submission& submission) override {
    node::Submission taken = std::exchange(submission, {});
    std::vector<node::Outcome> outcomes(taken.size());
    for (std::size_t i = 0; i < outcomes.size(); ++i)
      outcomes[i].id[0] = static_cast<std::uint8_t>(i + 1);
    taken.done(outcomes);
    return true;
  }
  void call_when_room(std::function<void()> resume) override { resume(); }
};

std::vector<std::uint8_t> batch() {
  std::vector<std::uint8_t> out;
  CborWriter writer(out);
  for (std::size_t i = 0; i < kBatch; ++i) {
    writer.tag(18);
    writer.array(4);
    writer.byte_string(std::vector<std::uint8_t>(12, 0xa0));
    writer.map(0);
    writer.byte_string(std::vector<std::uint8_t>(kPayloadBytes, 1));
    writer.byte_string(std::vector<std::uint8_t>(kSignatureBytes, 2));
  }
  return out;
}

struct Served {
  InstantSink sink;
  test::FakeNode reader;
  node::api::HttpServer server;

  Served() : server(options(), sink, reader) {}

  static node::api::HttpOptions options() {
    node::api::HttpOptions options;
    options.port = 0;
    return options;
  }
};

void post_batches(benchmark::State& state) {
  static Served served;
  const std::vector<std::uint8_t> body = batch();
  test::HttpClient client(served.server.port());
  for (auto _ : state)
    if (client.post(body).status != 202) throw std::runtime_error("not accepted");
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * kBatch));
}
BENCHMARK(post_batches)->ThreadRange(1, 16)->UseRealTime();

}  // namespace
}  // namespace salus::bench

BENCHMARK_MAIN();
