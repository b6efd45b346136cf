// Control packets of MQTT 3.1.1 that a server sends, appended to a buffer.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/bytes.h"

namespace salus::node::mqtt {

/// What CONNACK says (table 3.1).
enum class ConnectCode : std::uint8_t {
  accepted = 0,
  unacceptable_protocol = 1,
  identifier_rejected = 2,
  server_unavailable = 3,
  bad_credentials = 4,
  not_authorized = 5,
};

/// For a filter that is refused, in SUBACK.
inline constexpr std::uint8_t kSubscribeFailure = 0x80;

/// Session present is always 0: no session outlives its connection.
void append_connack(ConnectCode code, std::vector<std::uint8_t>& out);
void append_puback(std::uint16_t packet_id, std::vector<std::uint8_t>& out);
/// One code for each filter, in order.
void append_suback(std::uint16_t packet_id, Bytes codes, std::vector<std::uint8_t>& out);
void append_unsuback(std::uint16_t packet_id, std::vector<std::uint8_t>& out);
void append_pingresp(std::vector<std::uint8_t>& out);
/// At QoS 0, not retained. Topic and payload must fit a packet.
void append_publish(std::string_view topic, Bytes payload, std::vector<std::uint8_t>& out);

}  // namespace salus::node::mqtt
