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
#include "tests/node/store/child_process.h"
#include "tests/support/temporary_folder.h"

namespace salus::node::test {
namespace {

using salus::test::ChildProcess;
using std::chrono::milliseconds;
using Message = std::vector<std::uint8_t>;

constexpr std::size_t kDevices = 4;
constexpr std::uint64_t kEach = 2500;
constexpr int kKills = 10;

std::int64_t now() { return system_clock()(); }

Message telemetry(const SigningKey& key, std::uint64_t sequence) {
  SenmlRecord record;
  record.name = "hr";
  record.value = static_cast<double>(sequence);
  std::vector<std::uint8_t> payload;
  append_senml(std::span(&record, 1), payload);
  return sign_statement(key, {{}, "bed-1", now(), sequence}, ContentType::senml_cbor, payload);
}

NodeConfig small_config() {
  NodeConfig config;
  config.devices = "cpu";
  config.threads = 1;
  config.intake.batch_statements = 64;
  config.mempool.keep_depth = 2;
  config.log.segment_bytes = std::size_t{1} << 18;
  config.mining.interval = milliseconds(30);
  config.store.memory_bytes = std::size_t{32} << 20;
  return config;
}

/// A chain of one validator whose devices genesis knows, with all that they will ever say.
struct World {
  World() {
    ChainParameters parameters;
    parameters.name = "kill";
    parameters.time = static_cast<std::uint32_t>(now() - 1000);
    parameters.limit_bits = 0x207fffff;
    parameters.spacing = 1;
    parameters.keys = {
        {Role::validator, validator.public_key(), ""},
        {Role::authority, SigningKey::generate(Algorithm::ed25519).public_key(), ""}};
    std::vector<SigningKey> devices;
    for (std::size_t i = 0; i < kDevices; ++i) {
      devices.push_back(SigningKey::generate(Algorithm::ed25519));
      parameters.keys.push_back({Role::device, devices.back().public_key(), ""});
    }
    for (std::uint64_t sequence = 1; sequence <= kEach; ++sequence)
      for (const SigningKey& device : devices) messages.push_back(telemetry(device, sequence));
    init_folder(folder.path() / "node", Genesis(parameters).to_toml());
    validator.save(folder.path() / "validator.pem", {});
  }

  [[nodiscard]] std::filesystem::path node() const { return folder.path() / "node"; }
  [[nodiscard]] SigningKey key() const { return SigningKey::load(folder.path() / "validator.pem"); }

  salus::test::TemporaryFolder folder;
  SigningKey validator = SigningKey::generate(Algorithm::ed25519);
  std::vector<Message> messages;
};

/// Submits messages from `first` on, a few at a time, and reports the index of each that was
/// acknowledged.
void feed(Node& node, const std::vector<Message>& messages, std::size_t first,
          const ChildProcess::Reporter& report) {
  constexpr std::size_t kTogether = 16;
  for (std::size_t at = first; at < messages.size(); at += kTogether) {
    Submission submission;
    const std::size_t end = std::min(at + kTogether, messages.size());
    for (std::size_t i = at; i < end; ++i) {
      submission.bytes.insert(submission.bytes.end(), messages[i].begin(), messages[i].end());
      submission.ends.push_back(static_cast<std::uint32_t>(submission.bytes.size()));
    }
    submission.done = [&report, at](std::span<const Outcome> outcomes) {
      for (std::size_t i = 0; i < outcomes.size(); ++i)
        if (outcomes[i].is_held()) report(at + i);
    };
    while (!node.sink().submit(submission)) {
      std::binary_semaphore room{0};
      node.sink().call_when_room([&room] { room.release(); });
      room.acquire();
    }
    std::this_thread::sleep_for(std::chrono::microseconds(500));
  }
}

/// How often each statement is on the chain.
std::map<Digest, int> statements_on_chain(Node& node) {
  std::map<Digest, int> found;
  const std::uint64_t height = node.chain().tip().height;
  for (Height h = 1; h <= height; ++h)
    for (const Digest& id : node.store().statement_ids(h)) ++found[id];
  return found;
}

Digest id_of(const Message& message) {
  return statement_id(std::get<Statement>(parse_statement(message)));
}

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
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!node.mempool().is_empty() && std::chrono::steady_clock::now() < end)
      std::this_thread::sleep_for(milliseconds(10));
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

}  // namespace
}  // namespace salus::node::test
