// Why a connection ended. The names label counters.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace salus::node::mqtt {

enum class CloseReason : std::uint8_t {
  none,             ///< Still open.
  disconnected,     ///< DISCONNECT came.
  peer_closed,      ///< The peer closed or lost it without DISCONNECT, or TLS failed.
  malformed,        ///< Not MQTT 3.1.1, or no valid packet of it.
  out_of_turn,      ///< A valid packet that may not be sent then, as a second CONNECT.
  not_offered,      ///< QoS 2 and its packets: not part of what this listener does.
  foreign_topic,    ///< A publish to a topic that is not for statements.
  oversize,         ///< A packet longer than is read or skipped.
  connect_refused,  ///< CONNACK said why.
  too_slow,    ///< CONNECT or the rest of a packet did not come in time, or output was not read.
  keep_alive,  ///< Nothing came for one and a half keep-alive intervals, or the idle time.
  overloaded,  ///< The sink did not look at a statement that is to be acknowledged.
  taken_over,  ///< The same client connected again [MQTT-3.1.4-2].
  stopping,    ///< The listener ends.
};
inline constexpr std::size_t kCloseReasons = 14;

/// "disconnected", "peer_closed", ...
std::string_view to_string(CloseReason reason);

}  // namespace salus::node::mqtt
