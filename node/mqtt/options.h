// How the MQTT listener is set up, with all of its limits. docs/mqtt.md has the arithmetic.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "node/mqtt/session.h"
#include "node/tls/server_files.h"

namespace salus::node::mqtt {

struct ListenerOptions {
  std::string address = "127.0.0.1";  ///< IPv4 or IPv6, no name.
  std::uint16_t port = 1883;          ///< 0: any that is free.
  std::optional<tls::ServerFiles> tls;
  /// Who shows no certificate of one of the authorities is not let in.
  bool require_client_certificate = false;
  std::size_t threads = 1;  ///< Each serves its share of the connections.

  SessionLimits session;
  std::size_t max_connections = 4096;
  /// Statements that the sink has not answered, of all connections together. From this on nothing
  /// is read; what one read brings for each connection may come on top.
  std::size_t max_held_bytes = std::size_t{256} << 20;
  /// What one client may leave unread before nothing more is read from it.
  std::size_t max_output_bytes = std::size_t{64} << 10;
  /// Statements whose senders wait for a receipt; the oldest are forgotten.
  std::size_t max_awaited_receipts = std::size_t{1} << 16;

  std::chrono::milliseconds connect_timeout{10'000};  ///< From accept to CONNECT, with TLS.
  std::chrono::milliseconds packet_timeout{30'000};   ///< From a packet's first byte to its last.
  std::chrono::milliseconds write_timeout{30'000};    ///< For one write of what has gathered.
  std::chrono::milliseconds idle_timeout{1'800'000};  ///< Where the client wants no keep-alive.
  /// How long a connection on which a statement was `overloaded` stays before it is closed, so that
  /// a client that comes back at once does no harm.
  std::chrono::milliseconds overload_pause{1'000};
};

}  // namespace salus::node::mqtt
