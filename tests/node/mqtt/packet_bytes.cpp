#include "tests/node/mqtt/packet_bytes.h"

namespace salus::test {
namespace {

Packet number(std::size_t value) {
  return {static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
}

Packet raw(std::string_view content) { return {content.begin(), content.end()}; }

Packet filter_list(std::uint16_t packet_id, const std::vector<std::string>& filters, bool has_qos) {
  Packet body = number(packet_id);
  for (const std::string& filter : filters) {
    body = body + text(filter);
    if (has_qos) body.push_back(1);
  }
  return body;
}

}  // namespace

Packet operator+(Packet a, const Packet& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

Packet packet(std::uint8_t first, const Packet& body) {
  Packet bytes = {first};
  std::size_t length = body.size();
  do {
    const std::size_t low = length % 128;
    length /= 128;
    bytes.push_back(static_cast<std::uint8_t>(length > 0 ? low + 128 : low));
  } while (length > 0);
  return bytes + body;
}

Packet text(std::string_view content) { return number(content.size()) + raw(content); }

Packet connect(const ConnectFields& fields) {
  unsigned flags = fields.clean_session ? 2 : 0;
  if (fields.will_topic) flags |= 0x2C;  // QoS 1, retained: as a bridge does
  if (fields.username) flags |= 0x80;
  if (fields.password) flags |= 0x40;
  Packet body = text("MQTT") + Packet{fields.level, static_cast<std::uint8_t>(flags)} +
                number(fields.keep_alive) + text(fields.client_id);
  if (fields.will_topic) body = body + text(*fields.will_topic) + text("0");
  if (fields.username) body = body + text(*fields.username);
  if (fields.password) body = body + text(*fields.password);
  return packet(0x10, body);
}

Packet publish(std::uint16_t packet_id, std::string_view payload, std::string_view topic,
               bool is_duplicate) {
  Packet body = text(topic);
  if (packet_id != 0) body = body + number(packet_id);
  const unsigned flags = (packet_id != 0 ? 2U : 0U) | (is_duplicate ? 8U : 0U);
  return packet(static_cast<std::uint8_t>(0x30 | flags), body + raw(payload));
}

Packet subscribe(std::uint16_t packet_id, const std::vector<std::string>& filters) {
  return packet(0x82, filter_list(packet_id, filters, true));
}
Packet unsubscribe(std::uint16_t packet_id, const std::vector<std::string>& filters) {
  return packet(0xA2, filter_list(packet_id, filters, false));
}
Packet pingreq() { return {0xC0, 0}; }
Packet disconnect() { return {0xE0, 0}; }

Packet connack(std::uint8_t code) { return {0x20, 2, 0, code}; }
Packet puback(std::uint16_t packet_id) { return Packet{0x40, 2} + number(packet_id); }
Packet suback(std::uint16_t packet_id, const Packet& codes) {
  return packet(0x90, number(packet_id) + codes);
}
Packet unsuback(std::uint16_t packet_id) { return Packet{0xB0, 2} + number(packet_id); }
Packet pingresp() { return {0xD0, 0}; }

}  // namespace salus::test
