#include "tests/node/node_world.h"

#include <chrono>
#include <semaphore>
#include <thread>

#include "node/statement/senml.h"
#include "node/statement/sign.h"

namespace salus::node::test {

using std::chrono::milliseconds;

namespace {
constexpr std::size_t kDevices = 4;
}

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

World::World(std::uint64_t statements_each) {
  ChainParameters parameters;
  parameters.name = "kill";
  parameters.time = static_cast<std::uint32_t>(now() - 1000);
  parameters.limit_bits = 0x207fffff;
  parameters.spacing = 1;
  parameters.keys = {{Role::validator, validator.public_key(), ""},
                     {Role::authority, SigningKey::generate(Algorithm::ed25519).public_key(), ""}};
  for (std::size_t i = 0; i < kDevices; ++i) {
    devices.push_back(SigningKey::generate(Algorithm::ed25519));
    parameters.keys.push_back({Role::device, devices.back().public_key(), ""});
  }
  for (std::uint64_t sequence = 1; sequence <= statements_each; ++sequence)
    for (const SigningKey& device : devices) messages.push_back(telemetry(device, sequence));
  init_folder(folder.path() / "node", Genesis(parameters).to_toml());
  validator.save(folder.path() / "validator.pem", {});
}

void feed(Node& node, const std::vector<Message>& messages, std::size_t first,
          const std::function<void(std::uint64_t)>& report) {
  constexpr std::size_t kTogether = 16;
  for (std::size_t at = first; at < messages.size(); at += kTogether) {
    Submission submission;
    const std::size_t end = std::min(at + kTogether, messages.size());
    for (std::size_t i = at; i < end; ++i) {
      submission.bytes.insert(submission.bytes.end(), messages[i].begin(), messages[i].end());
      submission.ends.push_back(static_cast<std::uint32_t>(submission.bytes.size()));
    }
    submission.done = [report, at](std::span<const Outcome> outcomes) {
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

bool settle(Node& node) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (!node.mempool().is_empty()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(milliseconds(10));
  }
  return true;
}

}  // namespace salus::node::test
