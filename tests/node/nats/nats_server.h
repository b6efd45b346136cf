// A nats-server for a test.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tests/node/mqtt/program.h"
#include "tests/support/temporary_folder.h"

namespace salus::test {

#define NEED_NATS_SERVER() \
  if (!salus::test::find_program("nats-server")) GTEST_SKIP() << "nats-server is not installed"

/// With JetStream, on a free port of the loopback, and its store in a folder of its own; killed and
/// removed by the destructor.
class NatsServer {
 public:
  /// Starts, and waits until it can be connected to; throws std::runtime_error where it cannot.
  NatsServer();

  [[nodiscard]] std::string url() const;
  /// SIGKILL; what it has stored stays.
  void kill() { program_.reset(); }
  /// At the same port and with the same store, as the constructor does.
  void start();
  /// Kills it, and removes what it has stored.
  void lose_everything();

 private:
  TemporaryFolder folder_;
  std::uint16_t port_;
  std::optional<Program> program_;
};

}  // namespace salus::test
