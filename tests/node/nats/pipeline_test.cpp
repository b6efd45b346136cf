// From a real nats-server through the real intake: what was stored by the server is durable here
// once, whatever is killed on the way.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <thread>

#include "engine/error.h"
#include "node/listeners.h"
#include "node/nats/consumer.h"
#include "node/nats/durable_name.h"
#include "node/node.h"
#include "node/statement/key_registration.h"
#include "node/statement/sign.h"
#include "tests/node/ingest/intake_fixture.h"
#include "tests/node/mqtt/judging_sink.h"
#include "tests/node/mqtt/program.h"
#include "tests/node/nats/jetstream.h"
#include "tests/node/nats/nats_server.h"
#include "tests/node/node_world.h"
#include "tests/support/places.h"

namespace salus::node::nats {
namespace {

using namespace std::chrono_literals;
using salus::test::JetStream;
using salus::test::NatsServer;
using test::IntakeFixture;
using test::Message;
using test::now;
using test::telemetry;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
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

/// Settings of a node that fetches, makes blocks fast and needs little.
std::string node_config(const NatsServer& server) {
  return "[engine]\ndevices = \"cpu\"\nthreads = 1\n[mining]\ninterval_ms = 30\n"
         "[store]\nmemory_bytes = 33554432\n[nats]\nenabled = true\ncreate_stream = true\n"
         "servers = [\"" +
         server.url() + "\"]\n";
}

/// A chain of its own in a folder, and all that its one device will ever say.
struct World {
  explicit World(const NatsServer& server) {
    init_dev_folder(data);
    folder.write("node/salus.toml", std::string_view(node_config(server)));
    const SigningKey authority = SigningKey::load(data / "authority.pem");
    const SigningKey device = SigningKey::generate(Algorithm::ed25519);
    messages.push_back(
        sign_statement(authority, {{}, {}, now(), 1}, ContentType::key_registration,
                       encode(KeyRegistration{device.public_key(), Role::device, "bed 1"})));
    for (std::uint64_t i = 1; i <= kStatements; ++i) messages.push_back(telemetry(device, i));
  }

  [[nodiscard]] SigningKey validator() const { return SigningKey::load(data / "validator.pem"); }
  [[nodiscard]] std::string durable() const { return kept_durable_name(data); }

  static constexpr std::uint64_t kStatements = 1000;
  salus::test::TemporaryFolder folder;
  std::filesystem::path data = folder.path() / "node";
  std::vector<Message> messages;
};

/// Every message is on the chain of the node, once.
void expect_on_chain_once(Node& node, const std::vector<Message>& messages) {
  std::set<Digest> on_chain;
  std::size_t found = 0;
  for (Height h = 1; h <= node.chain().tip().height; ++h)
    for (const Digest& id : node.store().statement_ids(h)) {
      on_chain.insert(id);
      ++found;
    }
  EXPECT_EQ(on_chain.size(), found);
  for (const Message& message : messages)
    EXPECT_TRUE(on_chain.contains(statement_id(std::get<Statement>(parse_statement(message)))));
}

TEST_F(NatsIntake, BringsEverythingOntoTheChainOnceThoughTheNodeIsKilledAgainAndAgain) {
  const World world(*server);
  client->add_stream("SALUS", {"salus.statements.>"});
  client->listen("salus.refused.*");
  std::atomic<bool> is_over = false;
  std::thread publisher([&] {
    JetStream own(server->url());
    for (const Message& message : world.messages) {
      EXPECT_TRUE(own.publish(kSubject, message));
      std::this_thread::sleep_for(1ms);
    }
    is_over = true;
  });
  std::mt19937 random(std::random_device{}());
  for (int kills = 0; kills < 3 || !is_over; ++kills) {
    const salus::test::Program node(
        {salus::test::built_file("tests/node/nats/run_node"), world.data.string()},
        world.folder.path("log"));
    std::this_thread::sleep_for(300ms + std::chrono::milliseconds(random() % 300));
  }
  publisher.join();

  const NodeConfig config = load_config(world.data);
  Node node(world.data, config, world.validator());
  const Listeners listeners(world.data, config, node.sink());
  EXPECT_TRUE(eventually([&] {
    const auto state = client->state("SALUS", world.durable());
    return state.unacknowledged == 0 && state.undelivered == 0 && node.mempool().is_empty();
  }));
  expect_on_chain_once(node, world.messages);
  EXPECT_EQ(client->next(1ms).second, "");  // Nothing was refused.
}

TEST_F(NatsIntake, GoesOnWhereItWasWhenTheNodeIsStartedAgain) {
  const World world(*server);
  const NodeConfig config = load_config(world.data);
  std::size_t next = 0;
  for (int run = 0; run < 3; ++run) {
    Node node(world.data, config, world.validator());
    const Listeners listeners(world.data, config, node.sink());
    ASSERT_TRUE(eventually([&] { return listeners.nats_counters()->is_connected; }));
    EXPECT_EQ(listeners.sources(), std::vector<std::string>{"stream SALUS of " + server->url() +
                                                            " as " + world.durable()});
    const std::size_t end = run == 2 ? world.messages.size() : next + 100;
    for (; next < end; ++next) ASSERT_TRUE(client->publish(kSubject, world.messages[next]));
    if (run < 2) continue;  // Ends at once, with statements on the way.
    EXPECT_TRUE(eventually([&] {
      const auto state = client->state("SALUS", world.durable());
      return state.unacknowledged == 0 && state.undelivered == 0 && node.mempool().is_empty();
    }));
    EXPECT_EQ(listeners.nats_counters()->refused, 0U);
    expect_on_chain_once(node, world.messages);
  }
}

TEST(NatsSettings, ThatCannotBeAreSaidWithoutTheirSecrets) {
  const salus::test::TemporaryFolder folder;
  salus::test::JudgingSink sink;
  const auto problem = [&](const std::string& settings) {
    const NodeConfig config = parse_config("[nats]\nenabled = true\n" + settings);
    try {
      const Listeners listeners(folder.path(), config, sink);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_THAT(problem("servers = [\"nats://ward:hush@10.0.0.1:4222\"]\n"),
              AllOf(HasSubstr("nats://HOST:PORT"), Not(HasSubstr("hush"))));
  EXPECT_THAT(problem("tls_certificate = \"a.pem\"\n"), HasSubstr("needs tls_authority"));
  EXPECT_THAT(problem("tls_authority = \"a.pem\"\n"), HasSubstr("a.pem"));
  EXPECT_THAT(problem("user = \"ward\"\n"), HasSubstr("password_file"));
  EXPECT_THAT(problem("user = \"ward\"\npassword_file = \"none\"\n"), HasSubstr("none"));
  EXPECT_THAT(problem("durable = \"a.b\"\n"), HasSubstr("durable"));
  EXPECT_EQ(problem("servers = [\"nats://127.0.0.1:1\"]\n"), "");
}

}  // namespace
}  // namespace salus::node::nats
