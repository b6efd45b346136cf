// `salus node run` is killed again and again while statements come to it in every way at once, each
// by libraries and servers that others wrote: what anybody promised to keep is on the chain, once.
// (A mosquitto that bridges is not among them: 2.0.11 sometimes does not connect again for minutes.
// What it does when its listener was gone is shown in public_programs_test.cpp.)
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <thread>
#include <vector>

#include "node/running_node.h"
#include "tests/cli/run_salus.h"
#include "tests/node/api/http_client.h"
#include "tests/node/mqtt/program.h"
#include "tests/node/mqtt/public_client.h"
#include "tests/node/mqtt/test_client.h"
#include "tests/node/nats/jetstream.h"
#include "tests/node/nats/nats_server.h"
#include "tests/node/node_world.h"
#include "tests/support/free_port.h"

namespace salus::test {
namespace {

using namespace std::chrono_literals;
using node::SigningKey;
using node::test::id_of;
using node::test::Message;

constexpr int kKills = 10;

std::string_view text(const Message& message) {
  return {reinterpret_cast<const char*>(message.data()), message.size()};
}

/// One device's statements, one after the other, in a thread.
class Sender {
 public:
  /// Whether whoever took it promised to keep it; false to be asked again with the same.
  using Send = std::function<bool(const Message&)>;

  Sender(const SigningKey& device, Send send)
      : send_(std::move(send)), thread_([this, &device](const std::stop_token& stop) {
          for (std::uint64_t sequence = 1; !stop.stop_requested(); ++sequence)
            promised_.push_back(promise(stop, node::test::telemetry(device, sequence)));
        }) {}

  /// The ids of all that was promised, at its end.
  std::vector<Digest> finish() {
    thread_.request_stop();
    thread_.join();
    std::vector<Digest> ids;
    for (const auto& id : promised_)
      if (id) ids.push_back(*id);
    return ids;
  }

 private:
  std::optional<Digest> promise(const std::stop_token& stop, const Message& message) {
    do {
      if (send_(message)) return id_of(message);
      std::this_thread::sleep_for(10ms);
    } while (!stop.stop_requested());
    return std::nullopt;
  }

  Send send_;
  std::vector<std::optional<Digest>> promised_;
  std::jthread thread_;
};

/// By a library's own HTTP client; an answer that never came is asked for again.
bool post(HttpClient& client, const Message& message) {
  try {
    const HttpAnswer answer = client.post(message);
    if (answer.status != 202) return false;
    const auto outcome = nlohmann::json::parse(answer.body).at("statements").at(0);
    EXPECT_TRUE(outcome.at("accepted").get<bool>() || outcome.at("reason") == "overloaded")
        << answer.body;
    return outcome.at("accepted").get<bool>();
  } catch (const std::exception&) {
    return false;
  }
}

/// By libmosquitto, which connects anew and sends again by itself; acknowledged with QoS 1.
class MqttDevice {
 public:
  MqttDevice(const char* id, std::uint16_t port) : client_(id) {
    EXPECT_EQ(client_.connect(port), 0);
  }

  bool publish(const Message& message) {
    if (client_.completed() == published_) {
      client_.publish("salus/ward/pump", text(message));
      ++published_;
    }
    return client_.wait_for_completed(published_);
  }

 private:
  PublicClient client_;
  std::size_t published_ = 0;
};

class NodeUnderFire : public testing::Test {
 protected:
  void SetUp() override {
    NEED_NATS_SERVER();
    nats.emplace();
    world.folder.write(
        "node/salus.toml",
        "[engine]\ndevices = \"cpu\"\nthreads = 1\n"
        "[mining]\nenabled = true\ninterval_ms = 30\nkey = \"" +
            world.folder.path("validator.pem") +
            "\"\n[store]\nmemory_bytes = 33554432\n[http]\nport = " + std::to_string(http_port) +
            "\n[mqtt]\nenabled = true\nport = " + std::to_string(mqtt_port) +
            "\n[nats]\nenabled = true\ncreate_stream = true\nservers = [\"" + nats->url() +
            "\"]\n");
  }

  [[nodiscard]] std::string data() const { return world.node().string(); }

  /// Until the node has opened its folder, or is not going to.
  [[nodiscard]] bool is_ready() const {
    for (int i = 0; i < 1500; ++i) {
      try {
        if (HttpClient(http_port).get("/readyz").status == 200) return true;
      } catch (const std::exception&) {
      }
      std::this_thread::sleep_for(20ms);
    }
    return false;
  }

  void run_and_kill(const std::function<void()>& when_ready) {
    const Program program({salus_program(), "node", "run", data()}, world.folder.path("log"));
    ASSERT_TRUE(is_ready()) << read_text(world.folder.path("log"));
    when_ready();
    std::this_thread::sleep_for(300ms + std::chrono::milliseconds(random() % 1200));
  }

  node::test::World world{0};
  std::optional<NatsServer> nats;
  std::uint16_t http_port = free_port();
  std::uint16_t mqtt_port = free_port();
  std::mt19937 random{std::random_device{}()};
};

/// Waits until every statement is on the chain; how many are after a minute, if not.
std::size_t on_chain(node::Node& node, const std::vector<Digest>& ids) {
  std::size_t found = 0;
  for (int i = 0; i < 6000 && found < ids.size(); ++i) {
    while (found < ids.size() && node.store().find_statement(ids[found])) ++found;
    std::this_thread::sleep_for(10ms);
  }
  return found;
}

TEST_F(NodeUnderFire, LosesAndDoublesNothingThatCameByHttpMqttOrNats) {
  std::optional<HttpClient> http;
  std::optional<MqttDevice> pump;
  std::optional<JetStream> stream;
  std::optional<Sender> senders[3];
  const auto begin = [&] {
    http.emplace(http_port);
    pump.emplace("pump-7", mqtt_port);
    stream.emplace(nats->url());
    const auto& devices = world.devices;
    senders[0].emplace(devices[0], [&](const Message& m) { return post(*http, m); });
    senders[1].emplace(devices[1], [&](const Message& m) { return pump->publish(m); });
    senders[2].emplace(devices[2], [&](const Message& m) {
      std::this_thread::sleep_for(2ms);
      return stream->publish("salus.statements.ward", m);
    });
  };
  for (int kill = 0; kill < kKills; ++kill)
    ASSERT_NO_FATAL_FAILURE(run_and_kill(kill == 0 ? begin : std::function<void()>([] {})));

  const node::NodeConfig config = node::load_config(world.node());
  std::map<Digest, int> found;
  std::size_t promised = 0;
  {
    node::RunningNode running(world.node(), config, world.key(), "test");
    const char* ways[] = {"HTTP", "MQTT", "NATS"};
    for (std::size_t way = 0; way < std::size(senders); ++way) {
      SCOPED_TRACE(ways[way]);
      const std::vector<Digest> ids = senders[way]->finish();
      EXPECT_GT(ids.size(), 20U);
      EXPECT_EQ(on_chain(running.node(), ids), ids.size());
      promised += ids.size();
    }
    EXPECT_TRUE(node::test::settle(running.node()));
    found = node::test::statements_on_chain(running.node());
  }
  EXPECT_GE(found.size(), promised);
  for (const auto& [id, times] : found) EXPECT_EQ(times, 1);
  const RunResult check = run_salus({"node", "check", data()});
  EXPECT_EQ(check.exit_code, 0) << check.err;
}

}  // namespace
}  // namespace salus::test
