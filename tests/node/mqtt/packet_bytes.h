// Packets as a client makes them, written by hand from the standard: so that tests of our reader do
// not depend on our writer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/bytes.h"

namespace salus::test {

using Packet = std::vector<std::uint8_t>;

/// A first byte, the length, and the body.
Packet packet(std::uint8_t first, const Packet& body);
/// Two bytes of length and the text.
Packet text(std::string_view content);
Packet operator+(Packet a, const Packet& b);

struct ConnectFields {
  std::string client_id = "device-1";
  bool clean_session = true;
  std::uint16_t keep_alive = 60;
  std::uint8_t level = 4;
  std::optional<std::string> username = {};
  std::optional<std::string> password = {};
  std::optional<std::string> will_topic = {};
};
Packet connect(const ConnectFields& fields = {});

/// QoS 0 where `packet_id` is 0.
Packet publish(std::uint16_t packet_id, std::string_view payload,
               std::string_view topic = "salus/ward/statement", bool is_duplicate = false);
Packet subscribe(std::uint16_t packet_id, const std::vector<std::string>& filters);
Packet unsubscribe(std::uint16_t packet_id, const std::vector<std::string>& filters);
Packet pingreq();
Packet disconnect();

// What a server answers.
Packet connack(std::uint8_t code);
Packet puback(std::uint16_t packet_id);
Packet suback(std::uint16_t packet_id, const Packet& codes);
Packet unsuback(std::uint16_t packet_id);
Packet pingresp();

}  // namespace salus::test
