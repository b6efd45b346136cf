// From a real nats-server through the real intake: what was stored by the server is durable here
// once, whatever is killed on the way.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <thread>

#include "node/listeners.h"
#include "node/nats/consumer.h"
#include "node/node.h"
#include "node/statement/key_registration.h"
#include "node/statement/senml.h"
#include "node/statement/sign.h"
#include "tests/node/ingest/intake_fixture.h"
#include "tests/node/nats/jetstream.h"
#include "tests/node/nats/nats_server.h"

namespace salus::node::nats {
namespace {

using namespace std::chrono_literals;
using salus::test::JetStream;
using salus::test::NatsServer;
using test::IntakeFixture;
using test::Message;
using testing::HasSubstr;
using testing::SizeIs;

constexpr const char* kSubject = "salus.statements.ward-1";

/// Waits until `holds`; false after a minute.
template <typename Condition>
bool eventually(Condition holds) {
  for (int i = 0; i < 6000; ++i) {
    if (holds()) return true;
    std::this_thread::sleep_for(10ms);
  }
  return false;
}

ConsumerOptions options(const NatsServer& server) {
  ConsumerOptions options;
  options.servers = {server.url()};
  options.durable = "node-1";
  options.ack_wait = 1s;
  options.first_retry = 20ms;
  options.last_retry = 100ms;
  options.create_stream = true;
  return options;
}

/// Of devices that the chain knows.
std::vector<Message> telemetry(const IntakeFixture& intake, std::uint64_t each) {
  std::vector<Message> messages;
  for (std::uint64_t sequence = 1; sequence <= each; ++sequence)
    for (std::size_t device = 1; device < intake.factory.devices(); ++device)
      messages.push_back(intake.factory.telemetry(device, intake.now, sequence));
  return messages;
}

/// Publishes until the server says that it has the message: possibly twice, as publishers do.
void publish_surely(std::optional<JetStream>& client, const NatsServer& server,
                    const Message& message) {
  while (!client || !client->publish(kSubject, message)) {
    client.reset();
    client.emplace(server.url());
  }
}

std::set<std::string> distinct(const std::vector<Message>& messages) {
  std::set<std::string> found;
  for (const Message& message : messages) found.emplace(message.begin(), message.end());
  return found;
}

class NatsIntake : public testing::Test {
 protected:
  void SetUp() override {
    NEED_NATS_SERVER();
    server.emplace();
    client.emplace(server->url());
  }

  [[nodiscard]] bool eventually_done() {
    return eventually([&] {
      const auto state = client->state("SALUS", "node-1");
      return state.unacknowledged == 0 && state.undelivered == 0;
    });
  }

  std::optional<NatsServer> server;
  std::optional<JetStream> client;
};

TEST_F(NatsIntake, TakesOnceWhatComesTwiceAndInAnyOrder) {
  IntakeFixture intake;
  const Consumer consumer(options(*server), intake.pipeline);
  ASSERT_TRUE(eventually([&] { return consumer.counters().is_connected; }));
  const std::vector<Message> messages = telemetry(intake, 20);
  std::vector<Message> sent = messages;
  sent.insert(sent.end(), messages.begin(), messages.end());
  std::shuffle(sent.begin(), sent.end(), std::mt19937(7));
  for (const Message& message : sent) ASSERT_TRUE(client->publish(kSubject, message));
  EXPECT_TRUE(eventually_done());
  EXPECT_EQ(distinct(intake.logged()), distinct(messages));
  EXPECT_THAT(intake.logged(), SizeIs(messages.size()));
  EXPECT_EQ(consumer.counters().accepted, messages.size());
  EXPECT_EQ(consumer.counters().duplicates, messages.size());
  EXPECT_EQ(consumer.counters().refused, 0U);
}

TEST_F(NatsIntake, SaysWhichStatementOfWhomWasRefusedAndWhy) {
  IntakeFixture intake;
  const Consumer consumer(options(*server), intake.pipeline);
  ASSERT_TRUE(eventually([&] { return consumer.counters().is_connected; }));
  client->listen("salus.refused.*");
  Message tampered = intake.factory.telemetry(1, intake.now, 1);
  const KeyId signer = intake.factory.device(1).id();
  tampered.back() ^= 1;
  ASSERT_TRUE(client->publish(kSubject, tampered));
  const auto [subject, body] = client->next();
  EXPECT_EQ(subject, "salus.refused." + to_hex(signer));
  EXPECT_THAT(body, HasSubstr("bad_signature"));
  ASSERT_TRUE(client->publish(kSubject, intake.factory.telemetry(0, intake.now, 1)));
  EXPECT_THAT(client->next().second, HasSubstr("unknown_signer"));
  const std::string oversize = std::string("\x5A\x00\x02\x00\x00", 5) + std::string(0x20000, 'x');
  ASSERT_TRUE(client->publish(kSubject, oversize));
  EXPECT_THAT(client->next().second, HasSubstr("oversize"));
  EXPECT_TRUE(eventually_done());
  EXPECT_THAT(intake.logged(), SizeIs(0));
}

TEST_F(NatsIntake, LosesAndDoublesNothingWhenTheServerIsKilled) {
  IntakeFixture intake;
  const Consumer consumer(options(*server), intake.pipeline);
  ASSERT_TRUE(eventually([&] { return consumer.counters().is_connected; }));
  const std::vector<Message> messages = telemetry(intake, 60);
  for (std::size_t i = 0; i < messages.size(); ++i) {
    if (i % 100 == 50) {
      server->kill();
      server->start();
    }
    publish_surely(client, *server, messages[i]);
  }
  EXPECT_TRUE(eventually([&] { return distinct(intake.logged()).size() == messages.size(); }));
  EXPECT_TRUE(eventually_done());
  EXPECT_THAT(intake.logged(), SizeIs(messages.size()));
}

std::int64_t now() { return system_clock()(); }

Message heart_rate(const SigningKey& key, std::uint64_t sequence) {
  SenmlRecord record;
  record.name = "hr";
  record.value = static_cast<double>(sequence);
  std::vector<std::uint8_t> payload;
  append_senml(std::span(&record, 1), payload);
  return sign_statement(key, {{}, "bed-1", now(), sequence}, ContentType::senml_cbor, payload);
}

NodeConfig node_config(const NatsServer& server) {
  NodeConfig config;
  config.devices = "cpu";
  config.threads = 1;
  config.mining.interval = 30ms;
  config.store.memory_bytes = std::size_t{32} << 20;
  config.nats.enabled = true;
  config.nats.servers = {server.url()};
  config.nats.create_stream = true;
  config.nats.ack_wait = 1s;
  return config;
}

TEST_F(NatsIntake, BringsEverythingOntoTheChainOnceThoughTheNodeIsStartedAgainAndAgain) {
  const salus::test::TemporaryFolder folder;
  const auto data = folder.path() / "node";
  init_dev_folder(data);
  const SigningKey authority = SigningKey::load(data / "authority.pem");
  const SigningKey device = SigningKey::generate(Algorithm::ed25519);
  constexpr std::uint64_t kStatements = 400;
  std::vector<Message> messages = {
      sign_statement(authority, {{}, {}, now(), 1}, ContentType::key_registration,
                     encode(KeyRegistration{device.public_key(), Role::device, "bed 1"}))};
  for (std::uint64_t i = 1; i <= kStatements; ++i) messages.push_back(heart_rate(device, i));

  std::size_t next = 0;
  std::set<Digest> on_chain;
  std::size_t found = 0;
  std::string durable;
  for (int run = 0; run < 4; ++run) {
    const bool is_last = run == 3;
    Node node(data, node_config(*server), SigningKey::load(data / "validator.pem"));
    const Listeners listeners(data, node_config(*server), node.sink());
    if (run == 0) {
      durable = listeners.sources().at(0).substr(listeners.sources().at(0).rfind(' ') + 1);
      EXPECT_TRUE(eventually([&] { return listeners.nats_counters()->is_connected; }));
    }
    const std::size_t end = is_last ? messages.size() : next + messages.size() / 4;
    for (; next < end; ++next) ASSERT_TRUE(client->publish(kSubject, messages[next]));
    if (!is_last) continue;  // Ends at once, with statements on the way.
    EXPECT_TRUE(eventually([&] {
      const auto state = client->state("SALUS", durable);
      return state.unacknowledged == 0 && state.undelivered == 0 && node.mempool().is_empty();
    }));
    EXPECT_EQ(listeners.nats_counters()->refused, 0U);
    for (Height h = 1; h <= node.chain().tip().height; ++h)
      for (const Digest& id : node.store().statement_ids(h)) {
        on_chain.insert(id);
        ++found;
      }
  }
  EXPECT_EQ(on_chain.size(), found);
  for (const Message& message : messages)
    EXPECT_TRUE(on_chain.contains(statement_id(std::get<Statement>(parse_statement(message)))));
}

}  // namespace
}  // namespace salus::node::nats
