// A client that sends and expects exact bytes.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "tests/node/mqtt/packet_bytes.h"

namespace salus::test {

/// Waits for nothing longer than ten seconds.
class TestClient {
 public:
  /// Connects to the loopback; throws std::runtime_error where that fails.
  explicit TestClient(std::uint16_t port);
  ~TestClient();
  TestClient(TestClient&& other) noexcept;
  TestClient(const TestClient&) = delete;
  TestClient& operator=(const TestClient&) = delete;

  /// Sends everything; false where the other side takes no more.
  bool send(const Packet& bytes) const;
  /// Sends as much as is taken within the time; how much that was.
  [[nodiscard]] std::size_t send_within(const Packet& bytes, std::chrono::milliseconds time) const;
  /// Exactly so many bytes, or fewer where the connection ends or nothing comes any more.
  [[nodiscard]] Packet receive(std::size_t count) const;
  /// As many bytes as `expected` has, to be compared with it.
  [[nodiscard]] Packet receive_like(const Packet& expected) const {
    return receive(expected.size());
  }
  /// What there is, once there is anything, up to `most` bytes; how many. They are thrown away.
  [[nodiscard]] std::size_t receive_some(std::size_t most) const;
  /// Whether there is anything to read within the time, be it the end.
  [[nodiscard]] bool is_readable(std::chrono::milliseconds within) const;
  /// Reads what still comes, until the connection ends; false where it does not.
  [[nodiscard]] bool wait_for_end() const;

 private:
  int socket_ = -1;
};

/// Connects, and expects to be let in.
TestClient connected_client(std::uint16_t port, const ConnectFields& fields = {});

}  // namespace salus::test
