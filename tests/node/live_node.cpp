#include "tests/node/live_node.h"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <span>
#include <thread>

#include "node/statement/key_registration.h"
#include "node/statement/senml.h"
#include "node/statement/sign.h"

namespace salus::test {

using node::ContentType;
using std::chrono::milliseconds;

LiveNode::LiveNode() {
  node::init_dev_folder(folder());
  authority_ =
      std::make_unique<node::SigningKey>(node::SigningKey::load(folder() / "authority.pem"));
  config.devices = "cpu";
  config.threads = 1;
  config.mine = true;
  config.mining.interval = milliseconds(20);
  config.store.memory_bytes = std::size_t{32} << 20;
  config.http.server.port = 0;
}

void LiveNode::start(bool holds_key) {
  stop();
  std::optional<node::SigningKey> key;
  if (holds_key) key = node::SigningKey::load(folder() / "validator.pem");
  running_ = std::make_unique<node::RunningNode>(folder(), config, std::move(key), kLiveVersion);
}

std::uint16_t LiveNode::port() const {
  const std::string address = url();
  return static_cast<std::uint16_t>(std::stoul(address.substr(address.rfind(':') + 1)));
}

std::string LiveNode::token() const {
  std::ifstream file(folder() / node::kDevTokenFile);
  std::string token;
  std::getline(file, token);
  return token;
}

Message LiveNode::registration(std::uint64_t sequence) const {
  return sign_statement(
      *authority_, {{}, {}, node::system_clock()(), sequence}, ContentType::key_registration,
      encode(node::KeyRegistration{device_.public_key(), node::Role::device, "bed 1"}));
}

Message LiveNode::telemetry(std::uint64_t sequence) const {
  node::SenmlRecord record;
  record.name = kLiveMeasurement;
  record.value = static_cast<double>(sequence);
  Message payload;
  append_senml(std::span(&record, 1), payload);
  return sign_statement(device_, {{}, kLiveSubject, node::system_clock()(), sequence},
                        ContentType::senml_cbor, payload);
}

void LiveNode::wait_until_mined() {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!running_->node().mempool().is_empty() && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(milliseconds(2));
  ASSERT_TRUE(running_->node().mempool().is_empty());
}

std::string id_of(const Message& message) {
  return to_hex(node::statement_id(std::get<node::Statement>(node::parse_statement(message))));
}

std::string body_of(const std::vector<Message>& messages) {
  std::string body;
  for (const Message& message : messages) body.append(message.begin(), message.end());
  return body;
}

}  // namespace salus::test
