// What tests of a whole node share: a chain, its devices and all that they say, and who feeds it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <vector>

#include "node/node.h"
#include "node/statement/signing_key.h"
#include "tests/support/temporary_folder.h"

namespace salus::node::test {

using Message = std::vector<std::uint8_t>;

std::int64_t now();

/// One heart rate.
Message telemetry(const SigningKey& key, std::uint64_t sequence);

/// One thread, small files, and blocks as fast as they come.
NodeConfig small_config();

/// A chain of one validator whose devices genesis knows, with all that they will ever say.
struct World {
  explicit World(std::uint64_t statements_each = 2500);

  [[nodiscard]] std::filesystem::path node() const { return folder.path() / "node"; }
  [[nodiscard]] SigningKey key() const { return SigningKey::load(folder.path() / "validator.pem"); }

  salus::test::TemporaryFolder folder;
  SigningKey validator = SigningKey::generate(Algorithm::ed25519);
  std::vector<SigningKey> devices;
  std::vector<Message> messages;  ///< Of all devices in turn.
};

/// Submits messages from `first` on, a few at a time, and reports the index of each that was
/// acknowledged.
void feed(Node& node, const std::vector<Message>& messages, std::size_t first,
          const std::function<void(std::uint64_t)>& report);

/// How often each statement is on the chain.
std::map<Digest, int> statements_on_chain(Node& node);

Digest id_of(const Message& message);

/// Waits until all that waits is in blocks; false when that takes a minute.
bool settle(Node& node);

}  // namespace salus::node::test
