// A publisher of MQTT 3.1.1 at QoS 1, which keeps many publishes in flight.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "cli/client/endpoint.h"
#include "cli/client/tls_options.h"
#include "engine/bytes.h"

namespace salus::cli::client {

struct MqttClientOptions {
  Endpoint endpoint;
  TlsOptions tls = {};
  std::string client_id;
  std::optional<std::string> username = {};
  std::optional<std::string> password = {};
  std::chrono::seconds keep_alive{60};
  std::chrono::milliseconds connect_timeout{10'000};
  std::size_t max_packet_bytes = std::size_t{1} << 20;  ///< Of what the server sends.
};

/// What the server says. Neither may call the client.
struct MqttHandlers {
  std::function<void(std::uint16_t packet_id)> acknowledged;
  std::function<void(std::string_view topic, Bytes payload)> received;
};

/// One connection; when it is lost, make another client and publish again what was not
/// acknowledged. One thread at a time. Everything throws `Error` (system) that names the endpoint
/// once the connection is lost or the server breaks the protocol.
class MqttClient {
 public:
  /// Connects, and waits for CONNACK. Throws `Error`: (input) for TLS files, (usage) for an address
  /// that is not MQTT's and texts longer than 65,535 bytes, (system) where the server is not there
  /// or does not let the client in.
  MqttClient(const MqttClientOptions& options, MqttHandlers handlers);
  /// Says goodbye, where that takes no waiting.
  ~MqttClient();
  MqttClient(const MqttClient&) = delete;
  MqttClient& operator=(const MqttClient&) = delete;

  /// Subscribes at QoS 0 and waits for the answer. False where the server does not want it.
  bool subscribe(std::string_view topic);

  /// Puts a publish into the buffer, for `exchange` to send. `packet_id` is not 0 and not in use.
  void publish(std::uint16_t packet_id, std::string_view topic, Bytes payload, bool is_duplicate);
  /// Bytes that wait to be sent.
  [[nodiscard]] std::size_t unsent() const;

  /// Sends and receives until something came from the server or the time is over, and calls the
  /// handlers. Keeps the connection alive, if it is called every few seconds.
  void exchange(std::chrono::milliseconds timeout);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace salus::cli::client
