#include "node/mqtt/packet_writer.h"

#include "node/mqtt/packet.h"

namespace salus::node::mqtt {
namespace {

using Out = std::vector<std::uint8_t>;

std::uint8_t first_byte(PacketType type) {
  return static_cast<std::uint8_t>(static_cast<unsigned>(type) << 4);
}

void append_number(std::size_t number, Out& out) {
  out.push_back(static_cast<std::uint8_t>(number >> 8));
  out.push_back(static_cast<std::uint8_t>(number));
}

void append_header(PacketType type, std::size_t remaining, Out& out) {
  out.push_back(first_byte(type));
  for (; remaining >= 0x80; remaining >>= 7)
    out.push_back(static_cast<std::uint8_t>(remaining | 0x80));
  out.push_back(static_cast<std::uint8_t>(remaining));
}

/// One write for the packet that there are most of.
void append_acknowledgement(PacketType type, std::uint16_t packet_id, Out& out) {
  const std::uint8_t packet[] = {first_byte(type), 2, static_cast<std::uint8_t>(packet_id >> 8),
                                 static_cast<std::uint8_t>(packet_id)};
  out.insert(out.end(), std::begin(packet), std::end(packet));
}

}  // namespace

void append_connack(ConnectCode code, Out& out) {
  append_header(PacketType::connack, 2, out);
  out.push_back(0);
  out.push_back(static_cast<std::uint8_t>(code));
}

void append_puback(std::uint16_t packet_id, Out& out) {
  append_acknowledgement(PacketType::puback, packet_id, out);
}

void append_suback(std::uint16_t packet_id, Bytes codes, Out& out) {
  append_header(PacketType::suback, 2 + codes.size(), out);
  append_number(packet_id, out);
  out.insert(out.end(), codes.begin(), codes.end());
}

void append_unsuback(std::uint16_t packet_id, Out& out) {
  append_acknowledgement(PacketType::unsuback, packet_id, out);
}

void append_pingresp(Out& out) { append_header(PacketType::pingresp, 0, out); }

void append_publish(std::string_view topic, Bytes payload, Out& out) {
  append_header(PacketType::publish, 2 + topic.size() + payload.size(), out);
  append_number(topic.size(), out);
  out.insert(out.end(), topic.begin(), topic.end());
  out.insert(out.end(), payload.begin(), payload.end());
}

}  // namespace salus::node::mqtt
