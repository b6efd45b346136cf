// A running node for tests, on ports that are free, and what its clients send.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "node/running_node.h"
#include "node/statement/signing_key.h"
#include "tests/node/api/http_client.h"
#include "tests/support/temporary_folder.h"

namespace salus::test {

using Message = std::vector<std::uint8_t>;

inline constexpr const char* kLiveVersion = "9.8.7";
/// In every measurement that `LiveNode` signs: to be found in no log.
inline constexpr const char* kLiveSubject = "patient-4711";
inline constexpr const char* kLiveMeasurement = "secret-heart-rate";

/// A development chain in a folder of its own, with a device that its authority registers.
class LiveNode {
 public:
  LiveNode();

  /// Small, on one core, mining, HTTP at any free port. To be changed before `start`.
  node::NodeConfig config;

  /// Opens the node anew. `holds_key` as where the node has the validator's key.
  void start(bool holds_key = true);
  void stop() { running_.reset(); }

  [[nodiscard]] std::filesystem::path folder() const { return folder_.path() / "node"; }
  [[nodiscard]] node::RunningNode& running() { return *running_; }
  [[nodiscard]] std::string url() const { return running_->addresses().at(0); }
  [[nodiscard]] std::uint16_t port() const;
  /// Of the operator whom `init_dev_folder` makes.
  [[nodiscard]] std::string token() const;
  [[nodiscard]] const node::SigningKey& device() const { return device_; }

  [[nodiscard]] Message registration(std::uint64_t sequence) const;
  [[nodiscard]] Message telemetry(std::uint64_t sequence) const;

  /// Waits until nothing waits for a block.
  void wait_until_mined();

 private:
  TemporaryFolder folder_;
  node::SigningKey device_ = node::SigningKey::generate(node::Algorithm::ed25519);
  std::unique_ptr<node::SigningKey> authority_;
  std::unique_ptr<node::RunningNode> running_;
};

std::string id_of(const Message& message);
/// A CBOR sequence.
std::string body_of(const std::vector<Message>& messages);

}  // namespace salus::test
