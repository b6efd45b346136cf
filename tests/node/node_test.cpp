// A node that is killed again and again: what it acknowledged is on the chain, once.
#include "node/node.h"

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <random>
#include <semaphore>
#include <set>
#include <thread>

#include "engine/openssl_sha256.h"
#include "node/chain_check.h"
#include "node/listeners.h"
#include "node/statement/key_registration.h"
#include "node/statement/senml.h"
#include "node/statement/sign.h"
#include "tests/node/mqtt/test_client.h"
#include "tests/node/node_world.h"
#include "tests/node/store/child_process.h"
#include "tests/support/temporary_folder.h"

namespace salus::node::test {
namespace {

using salus::test::ChildProcess;
using std::chrono::milliseconds;

constexpr int kKills = 10;

TEST(Node, LosesAndDoublesNothingWhenItIsKilled) {
  const World world;
  std::set<std::uint64_t> acknowledged;
  std::mt19937 random(std::random_device{}());
  std::size_t next = 0;
  for (int i = 0; i < kKills; ++i) {
    ChildProcess child([&](const ChildProcess::Reporter& report) {
      Node node(world.node(), small_config(), world.key());
      feed(node, world.messages, next, report);
      std::this_thread::sleep_for(std::chrono::seconds(60));
    });
    std::uint64_t report = 0;
    // From the first one on, so that it is killed in the middle of its work.
    if (child.next(report)) acknowledged.insert(report);
    std::this_thread::sleep_for(milliseconds(random() % 150));
    for (const std::uint64_t more : child.kill()) acknowledged.insert(more);
    next = acknowledged.empty() ? 0 : *acknowledged.rbegin() / 16 * 16;  // some again
  }
  ASSERT_GT(acknowledged.size(), 100U);

  {
    Node node(world.node(), small_config(), world.key());
    EXPECT_TRUE(settle(node));
    const MempoolStats mempool = node.stats().mempool;
    EXPECT_EQ(mempool.statements, 0U);
    for (std::size_t i = 0; i < kRefusals; ++i) EXPECT_EQ(mempool.dropped[i], 0U) << i;
    std::map<Digest, int> found = statements_on_chain(node);
    for (const std::uint64_t i : acknowledged)
      EXPECT_EQ(found[id_of(world.messages[i])], 1) << "message " << i;
    for (const auto& [id, times] : found) EXPECT_EQ(times, times == 0 ? 0 : 1);
  }
  engine::Engine engine({.devices = "cpu", .cpu = {.threads = 1}});
  BlockStore store(world.node() / kBlocksFolder);
  const CheckReport report =
      check_chain(load_genesis(world.node()), engine, BlockStoreStorage(store));
  EXPECT_EQ(report.problem, std::nullopt);
  EXPECT_GE(report.statements, acknowledged.size());
}

TEST(Node, RegistersKeysAndTakesTheirStatementsAtOnce) {
  salus::test::TemporaryFolder folder;
  init_dev_folder(folder.path() / "node");
  const SigningKey authority = SigningKey::load(folder.path() / "node" / "authority.pem");
  const SigningKey device = SigningKey::generate(Algorithm::p256);
  Node node(folder.path() / "node", small_config(),
            SigningKey::load(folder.path() / "node" / "validator.pem"));
  Submission submission;
  const auto add = [&submission](const Message& message) {
    submission.bytes.insert(submission.bytes.end(), message.begin(), message.end());
    submission.ends.push_back(static_cast<std::uint32_t>(submission.bytes.size()));
  };
  add(sign_statement(authority, {{}, {}, now(), 1}, ContentType::key_registration,
                     encode(KeyRegistration{device.public_key(), Role::device, "bed 1"})));
  add(telemetry(device, 1));
  std::binary_semaphore answered{0};
  std::vector<Outcome> outcomes;
  submission.done = [&](std::span<const Outcome> all) {
    outcomes.assign(all.begin(), all.end());
    answered.release();
  };
  ASSERT_TRUE(node.sink().submit(submission));
  answered.acquire();
  for (const Outcome& outcome : outcomes) EXPECT_EQ(outcome.refusal, std::nullopt);
  while (!node.mempool().is_empty()) std::this_thread::sleep_for(milliseconds(5));
  for (const Outcome& outcome : outcomes)
    EXPECT_TRUE(node.store().find_statement(outcome.id).has_value());
}

TEST(Node, TakesByMqttWhatIsOnTheChainAfterwards) {
  using salus::test::operator+;
  salus::test::TemporaryFolder folder;
  init_dev_folder(folder.path() / "node");
  const SigningKey authority = SigningKey::load(folder.path() / "node" / "authority.pem");
  const SigningKey device = SigningKey::generate(Algorithm::p256);
  const std::vector<Message> messages = {
      sign_statement(authority, {{}, {}, now(), 1}, ContentType::key_registration,
                     encode(KeyRegistration{device.public_key(), Role::device, "bed 1"})),
      telemetry(device, 1)};
  NodeConfig config = small_config();
  config.mqtt.enabled = true;
  config.mqtt.port = 0;
  config.mqtt.users = {"ward:" + to_hex(openssl_sha256(as_bytes("a password")))};
  Node node(folder.path() / "node", config,
            SigningKey::load(folder.path() / "node" / "validator.pem"));
  const Listeners listeners(folder.path() / "node", config, node.sink());
  const std::string address = listeners.addresses().at(0);
  ASSERT_TRUE(address.starts_with("mqtt://127.0.0.1:")) << address;
  const auto port = static_cast<std::uint16_t>(std::stoul(address.substr(17)));

  salus::test::ConnectFields fields;
  fields.username = "ward";
  fields.password = "a password";
  const salus::test::TestClient client = salus::test::connected_client(port, fields);
  salus::test::Packet acknowledged;
  for (const std::uint16_t id : {std::uint16_t{1}, std::uint16_t{2}, std::uint16_t{3}}) {
    const Message& message = messages[id == 1 ? 0 : 1];  // the last one is sent twice
    const std::string_view bytes(reinterpret_cast<const char*>(message.data()), message.size());
    ASSERT_TRUE(client.send(salus::test::publish(id, bytes)));
    acknowledged = acknowledged + salus::test::puback(id);
  }
  EXPECT_EQ(client.receive_like(acknowledged), acknowledged);
  while (!node.mempool().is_empty()) std::this_thread::sleep_for(milliseconds(5));
  for (const Message& message : messages)
    EXPECT_TRUE(node.store().find_statement(id_of(message)).has_value());
}

TEST(NodeConfig, NeverRepeatsAPasswordThatStandsWhereItsDigestShould) {
  salus::test::TemporaryFolder folder;
  init_dev_folder(folder.path() / "node");
  Node node(folder.path() / "node", small_config());
  const NodeConfig config =
      parse_config("[mqtt]\nenabled = true\nport = 0\nusers = [\"ward:secret\"]\n");
  try {
    const Listeners listeners(folder.path() / "node", config, node.sink());
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.what(),
              std::string("configuration, mqtt.users: entry 1 is not a name, a colon and 64 hex "
                          "digits"));
  }
}

TEST(NodeConfig, IsWhatItsDefaultFileSays) {
  const NodeConfig config = parse_config(default_config());
  EXPECT_EQ(config.intake.batch_statements, IngestOptions().batch_statements);
  EXPECT_EQ(config.mining.interval, ProducerOptions().interval);
  EXPECT_EQ(parse_config("[mining]\nenabled = true\n").mine, true);
}

TEST(NodeConfig, NamesTheLineOfWhatItDoesNotKnow) {
  for (const char* text : {"[mining]\n\nspeed = 1\n", "[intake]\n\nmax_bytes = 0\n",
                           "[engine]\n\ndevices = 3\n", "[store]\n\nmemory_bytes = [\n"}) {
    try {
      parse_config(text);
      FAIL() << text;
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find("line 3"), std::string::npos) << error.what();
    }
  }
}

TEST(NodeConfig, RefusesWhatTheLibraryWouldOnlyAssert) {
  for (const char* text : {"[\n", "[http]\n[\nport = 1\n"}) EXPECT_THROW(parse_config(text), Error);
}

}  // namespace
}  // namespace salus::node::test
