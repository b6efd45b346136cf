// A mosquitto for a test, as a hospital has one: what is published to it goes over a bridge to a
// node.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tests/node/mqtt/program.h"
#include "tests/support/temporary_folder.h"

namespace salus::test {

/// The bridge tries again after a second, and throws nothing away while it cannot deliver
/// (mosquitto's default is to drop what comes behind 1,000 messages). Otherwise it keeps all
/// defaults. Killed by the destructor.
class MosquittoBroker {
 public:
  /// Starts, and waits up to ten seconds until it can be connected to.
  explicit MosquittoBroker(std::uint16_t node_port);

  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// All that it said.
  [[nodiscard]] std::string log() const;

 private:
  [[nodiscard]] bool is_up() const;

  TemporaryFolder folder_;
  std::uint16_t port_;
  std::optional<Program> program_;
};

}  // namespace salus::test
