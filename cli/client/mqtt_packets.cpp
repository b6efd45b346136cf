#include "cli/client/mqtt_packets.h"

namespace salus::cli::client {
namespace {

// First bytes: type and flags (table 2.1, 2.2).
constexpr std::uint8_t kConnect = 0x10;
constexpr std::uint8_t kConnack = 0x20;
constexpr std::uint8_t kPublishQos0 = 0x30;
constexpr std::uint8_t kPublishQos1 = 0x32;
constexpr std::uint8_t kDuplicate = 0x08;
constexpr std::uint8_t kRetained = 0x01;
constexpr std::uint8_t kPuback = 0x40;
constexpr std::uint8_t kSubscribe = 0x82;
constexpr std::uint8_t kSuback = 0x90;
constexpr std::uint8_t kPingreq = 0xc0;
constexpr std::uint8_t kPingresp = 0xd0;
constexpr std::uint8_t kDisconnect = 0xe0;

// Connect flags (3.1.2.3).
constexpr std::uint8_t kCleanSession = 0x02;
constexpr std::uint8_t kHasPassword = 0x40;
constexpr std::uint8_t kHasUsername = 0x80;

constexpr std::size_t kMaxLengthBytes = 4;
constexpr unsigned kMoreFollows = 0x80;
constexpr unsigned kSevenBits = 7;

void append_u16(std::size_t value, MqttBytes& out) {
  out.push_back(static_cast<std::uint8_t>(value >> 8));
  out.push_back(static_cast<std::uint8_t>(value));
}

void append_text(std::string_view text, MqttBytes& out) {
  append_u16(text.size(), out);
  out.insert(out.end(), text.begin(), text.end());
}

/// First byte and remaining length (2.2.3).
void append_front(std::uint8_t first, std::size_t length, MqttBytes& out) {
  out.push_back(first);
  do {
    const auto part = static_cast<unsigned>(length) & (kMoreFollows - 1);
    length >>= kSevenBits;
    out.push_back(static_cast<std::uint8_t>(length == 0 ? part : part | kMoreFollows));
  } while (length != 0);
}

std::uint16_t u16_at(Bytes bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

/// What stands behind the first byte and the length.
struct Frame {
  ReadState state = ReadState::incomplete;
  std::uint8_t first = 0;
  Bytes body;
  std::size_t size = 0;
};

Frame read_frame(Bytes bytes, std::size_t max_size) {
  Frame frame;
  if (bytes.empty()) return frame;
  frame.first = bytes[0];
  std::size_t length = 0;
  for (std::size_t i = 0; i < kMaxLengthBytes; ++i) {
    if (1 + i == bytes.size()) return frame;
    const unsigned byte = bytes[1 + i];
    length |= static_cast<std::size_t>(byte & (kMoreFollows - 1)) << (kSevenBits * i);
    if ((byte & kMoreFollows) != 0) continue;
    const std::size_t front = 2 + i;
    frame.size = front + length;
    if (frame.size > max_size) {
      frame.state = ReadState::malformed;
    } else if (frame.size <= bytes.size()) {
      frame.state = ReadState::whole;
      frame.body = bytes.subspan(front, length);
    }
    return frame;
  }
  frame.state = ReadState::malformed;  // a fifth byte of length
  return frame;
}

bool read_publish(Bytes body, ServerPacket& packet) {
  if (body.size() < 2) return false;
  const std::size_t topic = u16_at(body, 0);
  if (topic == 0 || body.size() < 2 + topic) return false;
  packet.type = ServerPacket::Type::publish;
  packet.topic = {reinterpret_cast<const char*>(body.data()) + 2, topic};
  packet.payload = body.subspan(2 + topic);
  return true;
}

bool read_body(const Frame& frame, ServerPacket& packet) {
  using Type = ServerPacket::Type;
  const Bytes body = frame.body;
  if (frame.first == kPuback && body.size() == 2) {
    packet.type = Type::puback;
    packet.packet_id = u16_at(body, 0);
    return true;
  }
  if (frame.first == kConnack && body.size() == 2) {
    packet.type = Type::connack;
    packet.code = body[1];
    return true;
  }
  if (frame.first == kSuback && body.size() == 3) {
    packet.type = Type::suback;
    packet.packet_id = u16_at(body, 0);
    packet.code = body[2];
    return true;
  }
  if (frame.first == kPingresp && body.empty()) {
    packet.type = Type::pingresp;
    return true;
  }
  return (frame.first & ~kRetained) == kPublishQos0 && read_publish(body, packet);
}

}  // namespace

void append_connect(const MqttLogin& login, MqttBytes& out) {
  constexpr std::string_view kProtocol = "MQTT";
  constexpr std::uint8_t kLevel = 4;
  std::size_t length = 2 + kProtocol.size() + 1 + 1 + 2 + 2 + login.client_id.size();
  std::uint8_t flags = kCleanSession;
  if (login.username) {
    flags |= kHasUsername;
    length += 2 + login.username->size();
  }
  if (login.password) {
    flags |= kHasPassword;
    length += 2 + login.password->size();
  }
  append_front(kConnect, length, out);
  append_text(kProtocol, out);
  out.push_back(kLevel);
  out.push_back(flags);
  append_u16(login.keep_alive_seconds, out);
  append_text(login.client_id, out);
  if (login.username) append_text(*login.username, out);
  if (login.password) append_text(*login.password, out);
}

void append_publish(std::uint16_t packet_id, std::string_view topic, Bytes payload,
                    bool is_duplicate, MqttBytes& out) {
  append_front(is_duplicate ? kPublishQos1 | kDuplicate : kPublishQos1,
               2 + topic.size() + 2 + payload.size(), out);
  append_text(topic, out);
  append_u16(packet_id, out);
  out.insert(out.end(), payload.begin(), payload.end());
}

void append_subscribe(std::uint16_t packet_id, std::string_view topic, MqttBytes& out) {
  append_front(kSubscribe, 2 + 2 + topic.size() + 1, out);
  append_u16(packet_id, out);
  append_text(topic, out);
  out.push_back(0);  // QoS
}

void append_pingreq(MqttBytes& out) { append_front(kPingreq, 0, out); }
void append_disconnect(MqttBytes& out) { append_front(kDisconnect, 0, out); }

ReadResult read_server_packet(Bytes bytes, std::size_t max_size) {
  ReadResult result;
  const Frame frame = read_frame(bytes, max_size);
  result.state = frame.state;
  if (frame.state != ReadState::whole) return result;
  result.packet.size = frame.size;
  if (!read_body(frame, result.packet)) result.state = ReadState::malformed;
  return result;
}

}  // namespace salus::cli::client
