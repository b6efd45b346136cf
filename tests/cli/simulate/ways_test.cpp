// Every way to a node, with a real node behind its real listeners: what is sent is there once, what
// is tampered with or replayed is not, and a server that goes and comes back loses nothing.
#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "cli/simulate/delivery.h"
#include "cli/simulate/fleet.h"
#include "cli/simulate/generator.h"
#include "cli/simulate/report.h"
#include "cli/simulate/way.h"
#include "node/api/http_server.h"
#include "node/mqtt/listener.h"
#include "node/node.h"
#include "tests/cli/run_salus.h"
#include "tests/node/api/fakes.h"
#include "tests/support/temporary_folder.h"

namespace salus::test {
namespace {

using namespace cli::simulate;  // NOLINT: a test about nothing else
using namespace std::chrono_literals;
using cli::client::Endpoint;
using node::Refusal;

constexpr std::uint64_t kStatements = 2000;

node::api::HttpOptions http_options(std::uint16_t port) {
  node::api::HttpOptions options;
  options.port = port;
  return options;
}

node::mqtt::ListenerOptions mqtt_options(std::uint16_t port) {
  node::mqtt::ListenerOptions options;
  options.port = port;
  options.overload_pause = 10ms;
  return options;
}

/// A node without blocks, whose genesis names the fleet.
class WayTest : public testing::Test {
 protected:
  WayTest() {
    const auto authority = node::SigningKey::generate(node::Algorithm::ed25519);
    node::ChainParameters parameters;
    parameters.name = "ways";
    parameters.time = static_cast<std::uint32_t>(std::time(nullptr));
    parameters.limit_bits = 0x207fffff;
    parameters.keys = {{node::Role::validator, authority.public_key(), "validator"},
                       {node::Role::authority, authority.public_key(), "authority"}};
    parameters.keys.back().key = node::SigningKey::generate(node::Algorithm::ed25519).public_key();
    for (const node::SigningKey& device : fleet_)
      parameters.keys.push_back({node::Role::device, device.public_key(), "device"});
    node::init_folder(folder_.path() / "node", node::Genesis(parameters).to_toml());
    node::NodeConfig config;
    config.devices = "cpu";
    node_.emplace(folder_.path() / "node", config);
  }

  void serve_http(std::uint16_t port = 0) {
    http_.emplace(http_options(port), node_->sink(), reader_);
    endpoint_ = {"http", "127.0.0.1", http_->port()};
  }
  void serve_mqtt(std::uint16_t port = 0) {
    mqtt_.emplace(mqtt_options(port), node_->sink(), nullptr);
    endpoint_ = {"mqtt", "127.0.0.1", mqtt_->port()};
  }

  /// Sends; `each` is called now and then.
  Counts send(
      Way& way, const GeneratorOptions& options, Pace pace = {},
      const std::function<void()>& each_second = [] {}) {
    const MadeUpPacks packs;
    Feeds feeds(4, 4, pace);
    Tally tally(folder_.path("acknowledged"));
    Generator generator(fleet_, packs, feeds, options);
    deliver_all(way, feeds, tally, {}, each_second);
    generator.rethrow();
    return tally.counts();
  }

  [[nodiscard]] GeneratorOptions some(double tampered = 0, double replayed = 0) const {
    return {.batch = 20,
            .count = kStatements,
            .tampered = tampered,
            .replayed = replayed,
            .begin = std::time(nullptr),
            .first_sequence = 1,
            .threads = 2};
  }

  void expect_faults_found(const Counts& counts, bool tells_duplicates = true) {
    EXPECT_EQ(counts.sent, kStatements + kStatements / 20);
    EXPECT_EQ(counts.unanswered(), 0U);
    EXPECT_EQ(counts.unexpected(), 0U);
    EXPECT_EQ(counts.refused_for(Refusal::bad_signature), kStatements / 10);
    EXPECT_EQ(counts.refused_for(Refusal::duplicate), tells_duplicates ? kStatements / 20 : 0);
    const auto honest = static_cast<std::size_t>(Kind::honest);
    EXPECT_EQ(counts.accepted[honest], kStatements - kStatements / 10);
    EXPECT_EQ(node_->stats().intake.accepted, counts.accepted[honest]);
    EXPECT_GT(counts.p99_seconds, 0);
    EXPECT_GE(counts.p99_seconds, counts.p50_seconds);
    EXPECT_GE(counts.max_seconds, counts.p99_seconds);
  }

  /// Each id once, and as many as the node has.
  void expect_ids_written_down() {
    std::ifstream file(folder_.path("acknowledged"));
    std::set<std::string> ids;
    std::size_t lines = 0;
    for (std::string line; std::getline(file, line); ++lines) ids.insert(line);
    EXPECT_EQ(ids.size(), lines);
    EXPECT_EQ(ids.size(), node_->stats().intake.accepted);
    EXPECT_FALSE(ids.contains(to_hex(Digest{})));
  }

  TemporaryFolder folder_;
  std::vector<node::SigningKey> fleet_ =
      make_fleet({.devices = 40, .p256_share = 0.25, .seed = 9, .keys_folder = {}});
  FakeNode reader_;
  std::optional<node::Node> node_;
  std::optional<node::api::HttpServer> http_;
  std::optional<node::mqtt::Listener> mqtt_;
  Endpoint endpoint_;
};

TEST_F(WayTest, InProcess) {
  const auto way = make_sink_way(node_->sink());
  expect_faults_found(send(*way, some(0.1, 0.05)));
  expect_ids_written_down();
}

TEST_F(WayTest, ByHttp) {
  serve_http();
  const auto way = make_http_way({endpoint_, {}, {}});
  expect_faults_found(send(*way, some(0.1, 0.05)));
  expect_ids_written_down();
}

TEST_F(WayTest, ByMqtt) {
  serve_mqtt();
  const auto way = make_mqtt_way({.endpoint = endpoint_});
  // A PUBACK says that the node has it, now or from before (docs/mqtt.md).
  expect_faults_found(send(*way, some(0.1, 0.05)), false);
  expect_ids_written_down();
}

/// Over about two seconds, in the middle of which the server is not there.
TEST_F(WayTest, ByHttpLosesNothingWhenTheServerGoesAndComesBack) {
  serve_http();
  const auto way = make_http_way({endpoint_, {}, {}});
  const std::uint16_t port = endpoint_.port;
  const Counts counts = send(*way, some(), {kStatements / 2.0, {}}, [&] {
    http_.reset();
    std::this_thread::sleep_for(200ms);
    serve_http(port);
  });
  EXPECT_EQ(counts.unanswered(), 0U);
  EXPECT_EQ(counts.acknowledged(), kStatements);
  EXPECT_EQ(node_->stats().intake.accepted, kStatements);
  expect_ids_written_down();
}

TEST_F(WayTest, ByMqttLosesNothingWhenTheServerGoesAndComesBack) {
  serve_mqtt();
  const auto way = make_mqtt_way({.endpoint = endpoint_});
  const std::uint16_t port = endpoint_.port;
  const Counts counts = send(*way, some(), {kStatements / 2.0, {}}, [&] {
    mqtt_.reset();
    std::this_thread::sleep_for(200ms);
    serve_mqtt(port);
  });
  EXPECT_EQ(counts.unanswered(), 0U);
  EXPECT_EQ(counts.acknowledged(), kStatements);
  EXPECT_EQ(node_->stats().intake.accepted, kStatements);
  expect_ids_written_down();
}

TEST_F(WayTest, GivesUpWhereNobodyAnswers) {
  serve_http();
  http_.reset();
  const Patience little{.retry = 100ms};
  const Counts by_http = send(*make_http_way({endpoint_, {}, little}), some());
  EXPECT_GT(by_http.sent, 0U);
  EXPECT_EQ(by_http.unanswered(), by_http.sent);
  MqttWayOptions mqtt{.endpoint = endpoint_, .patience = little};
  mqtt.endpoint.scheme = "mqtt";
  const Counts by_mqtt = send(*make_mqtt_way(mqtt), some());
  EXPECT_EQ(by_mqtt.acknowledged(), 0U);
}

TEST_F(WayTest, SendsAgainWhatFoundNoRoom) {
  FakeSink sink;
  sink.full = true;
  node::api::HttpServer server(http_options(0), sink, reader_);
  const std::jthread later([&] {
    std::this_thread::sleep_for(50ms);
    sink.full = false;
  });
  GeneratorOptions few = some();
  few.count = 100;
  const Counts counts = send(*make_http_way({{"http", "127.0.0.1", server.port()}, {}, {}}), few);
  EXPECT_EQ(counts.acknowledged(), 100U);
  EXPECT_GT(counts.resent, 0U);
  EXPECT_EQ(sink.messages().size(), 100U);
}

TEST_F(WayTest, StopsWhenItIsAskedTo) {
  serve_mqtt();
  const MadeUpPacks packs;
  Feeds feeds(4, 4, {100, {}});
  Tally tally;
  GeneratorOptions endless = some();
  endless.count.reset();
  Generator generator(fleet_, packs, feeds, endless);
  std::stop_source stop;
  const auto way = make_mqtt_way({.endpoint = endpoint_});
  deliver_all(*way, feeds, tally, stop.get_token(), [&] { stop.request_stop(); });
  EXPECT_GT(tally.counts().sent, 0U);
  EXPECT_EQ(tally.counts().unanswered(), 0U);
}

TEST_F(WayTest, TellsOfUnknownDevices) {
  fleet_ = make_fleet({.devices = 40, .p256_share = 0, .seed = 10, .keys_folder = {}});
  const Counts counts = send(*make_sink_way(node_->sink()), some());
  EXPECT_EQ(counts.refused_for(Refusal::unknown_signer), kStatements);
  EXPECT_EQ(counts.unexpected(), kStatements);
}

}  // namespace
}  // namespace salus::test
