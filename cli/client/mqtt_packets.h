// Control packets of MQTT 3.1.1 (OASIS standard, 29 October 2014) as a publisher writes and reads
// them. References in brackets are the standard's own numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/bytes.h"

namespace salus::cli::client {

/// What is written.
using MqttBytes = std::vector<std::uint8_t>;

struct MqttLogin {
  std::string_view client_id;
  std::uint16_t keep_alive_seconds = 0;
  std::optional<std::string_view> username;
  std::optional<std::string_view> password;
};

void append_connect(const MqttLogin& login, MqttBytes& out);
/// At QoS 1.
void append_publish(std::uint16_t packet_id, std::string_view topic, Bytes payload,
                    bool is_duplicate, MqttBytes& out);
/// At QoS 0.
void append_subscribe(std::uint16_t packet_id, std::string_view topic, MqttBytes& out);
void append_pingreq(MqttBytes& out);
void append_disconnect(MqttBytes& out);

/// What a server sends.
struct ServerPacket {
  enum class Type : std::uint8_t { connack, publish, puback, suback, pingresp };
  Type type = Type::pingresp;
  std::uint8_t code = 0;        ///< Of CONNACK and SUBACK.
  std::uint16_t packet_id = 0;  ///< Of PUBACK and SUBACK.
  std::string_view topic;       ///< Of a publish at QoS 0; these are views of what was read.
  Bytes payload;
  std::size_t size = 0;  ///< Of all of it.
};

enum class ReadState : std::uint8_t { whole, incomplete, malformed };

struct ReadResult {
  ReadState state = ReadState::incomplete;
  ServerPacket packet;  ///< Where whole.
};

/// Reads the packet that `bytes` begins with. Malformed is also what a publisher with subscriptions
/// at QoS 0 cannot get, and what is longer than `max_size`.
ReadResult read_server_packet(Bytes bytes, std::size_t max_size);

}  // namespace salus::cli::client
