#include "node/mqtt/packet.h"

#include "node/mqtt/field_reader.h"

namespace salus::node::mqtt {
namespace {

constexpr std::uint8_t kLevel = 4;  // 3.1.1
constexpr std::uint8_t kBridgeBit = 0x80;

/// The connect flags (3.1.2.3).
struct ConnectFlags {
  explicit ConnectFlags(std::uint8_t byte)
      : is_reserved_set((byte & 1) != 0),
        clean_session((byte & 2) != 0),
        will((byte & 4) != 0),
        will_qos(static_cast<std::uint8_t>(byte >> 3 & 3)),
        will_retain((byte & 0x20) != 0),
        password((byte & 0x40) != 0),
        username((byte & 0x80) != 0) {}

  /// [MQTT-3.1.2-3, -11, -13 to -15, -22]
  [[nodiscard]] bool is_consistent() const {
    if (is_reserved_set || will_qos == 3 || (password && !username)) return false;
    return will || (will_qos == 0 && !will_retain);
  }

  bool is_reserved_set;
  bool clean_session;
  bool will;
  std::uint8_t will_qos;
  bool will_retain;
  bool password;
  bool username;
};

void read_payload(FieldReader& fields, const ConnectFlags& flags, Connect& connect) {
  connect.client_id = fields.text();
  if (flags.will) {
    connect.has_will = true;
    connect.will_topic = fields.text();
    connect.will_message = fields.binary();
    if (!is_topic_name(connect.will_topic)) fields.fail();
  }
  if (flags.username) connect.username = fields.text();
  if (flags.password) connect.password = fields.binary();
}

}  // namespace

std::optional<Connect> parse_connect(Bytes body) {
  FieldReader fields(body);
  const std::string_view protocol = fields.text();
  const std::uint8_t level = fields.byte();
  if (!fields.ok()) return std::nullopt;

  Connect connect;
  connect.is_bridge = (level & kBridgeBit) != 0;
  connect.is_supported = protocol == "MQTT" && (level & ~kBridgeBit) == kLevel;
  // "MQIsdp" is MQTT 3.1. Any other name is no MQTT at all [MQTT-3.1.2-1].
  if (!connect.is_supported) {
    if (protocol != "MQTT" && protocol != "MQIsdp") return std::nullopt;
    return connect;
  }
  const ConnectFlags flags(fields.byte());
  connect.clean_session = flags.clean_session;
  connect.keep_alive_seconds = fields.number();
  if (!fields.ok() || !flags.is_consistent()) return std::nullopt;
  read_payload(fields, flags, connect);
  if (!fields.ok() || !fields.at_end()) return std::nullopt;
  return connect;
}

std::optional<Publish> parse_publish(std::uint8_t flags, Bytes body) {
  Publish publish;
  publish.qos = static_cast<std::uint8_t>(flags >> 1 & 3);
  publish.is_duplicate = (flags & 8) != 0;
  publish.is_retained = (flags & 1) != 0;
  FieldReader fields(body);
  publish.topic = fields.text();
  if (publish.qos != 0) {
    publish.packet_id = fields.number();
    if (publish.packet_id == 0) return std::nullopt;  // [MQTT-2.3.1-1]
  }
  if (!fields.ok() || publish.topic.empty()) return std::nullopt;
  if (publish.topic.find_first_of("+#") != std::string_view::npos) return std::nullopt;
  publish.payload = fields.rest();
  return publish;
}

std::optional<FilterList> FilterList::parse_subscribe(Bytes body) { return parse(body, true); }
std::optional<FilterList> FilterList::parse_unsubscribe(Bytes body) { return parse(body, false); }

std::optional<FilterList> FilterList::parse(Bytes body, bool has_qos) {
  FieldReader fields(body);
  FilterList list;
  list.packet_id_ = fields.number();
  list.has_qos_ = has_qos;
  list.rest_ = fields.rest();
  if (list.packet_id_ == 0 || list.rest_.empty()) return std::nullopt;
  while (fields.ok() && !fields.at_end()) {
    if (!is_topic_filter(fields.text())) return std::nullopt;
    if (has_qos && fields.byte() > 2) return std::nullopt;  // [MQTT-3.8.3-4]
  }
  if (!fields.ok()) return std::nullopt;
  return list;
}

std::optional<TopicFilter> FilterList::next() {
  if (rest_.empty()) return std::nullopt;
  FieldReader fields(rest_);
  TopicFilter filter;
  filter.text = fields.text();
  if (has_qos_) filter.qos = fields.byte();
  rest_ = fields.rest();
  return filter;
}

bool is_topic_name(std::string_view text) {
  return !text.empty() && text.find_first_of("+#") == std::string_view::npos && is_mqtt_text(text);
}

bool is_topic_filter(std::string_view text) {
  if (text.empty() || !is_mqtt_text(text)) return false;
  while (true) {
    const std::size_t end = text.find('/');
    const std::string_view level = text.substr(0, end);
    const bool is_last = end == std::string_view::npos;
    if (level.find('#') != std::string_view::npos && !(level == "#" && is_last)) return false;
    if (level.find('+') != std::string_view::npos && level != "+") return false;
    if (is_last) return true;
    text.remove_prefix(end + 1);
  }
}

}  // namespace salus::node::mqtt
