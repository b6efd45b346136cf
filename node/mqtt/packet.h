// Control packets of MQTT 3.1.1 (OASIS standard, 29 October 2014) that a client sends, read
// strictly and in place: everything is a view into the receive buffer. References in brackets are
// the standard's own numbers.
//
// Bytes from outside are values to judge, never an exception: what is malformed is "nothing".
// Nothing here allocates or keeps state; all functions are pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/bytes.h"

namespace salus::node::mqtt {

/// The upper four bits of a packet's first byte (table 2.1).
enum class PacketType : std::uint8_t {
  connect = 1,
  connack = 2,
  publish = 3,
  puback = 4,
  pubrec = 5,
  pubrel = 6,
  pubcomp = 7,
  subscribe = 8,
  suback = 9,
  unsubscribe = 10,
  unsuback = 11,
  pingreq = 12,
  pingresp = 13,
  disconnect = 14,
};

/// A whole packet, and what is behind its fixed header.
struct Frame {
  PacketType type = PacketType::connect;
  std::uint8_t flags = 0;  ///< The lower four bits of the first byte, as the type demands them.
  Bytes body;
  std::size_t size = 0;  ///< With the fixed header.
};

enum class FrameState : std::uint8_t {
  whole,
  incomplete,  ///< Good so far.
  malformed,   ///< Can no more become a packet.
  too_long,
};

struct FrameResult {
  FrameState state = FrameState::incomplete;
  Frame frame;           ///< Where whole.
  std::size_t size = 0;  ///< Of the whole packet, as soon as its header says it; 0 before.
};

/// Reads the packet that `bytes` begins with. Judges it as early as possible: by the first byte
/// alone where that is wrong, by the length as soon as it is there.
FrameResult read_frame(Bytes bytes, std::size_t max_size);

/// Longest fixed header.
inline constexpr std::size_t kMaxFixedHeader = 5;

struct Connect {
  /// Protocol "MQTT", level 4. Where false nothing else was read: other levels have other layouts.
  bool is_supported = false;
  /// Mosquitto's bridges set the level's highest bit (`try_private`).
  bool is_bridge = false;
  bool clean_session = false;
  std::uint16_t keep_alive_seconds = 0;
  std::string_view client_id;  ///< UTF-8; may be empty.
  bool has_will = false;
  std::string_view will_topic;
  Bytes will_message;
  std::optional<std::string_view> username;
  std::optional<Bytes> password;
};

/// Of a frame of type `connect`.
std::optional<Connect> parse_connect(Bytes body);

struct Publish {
  std::uint8_t qos = 0;  ///< 0, 1 or 2
  bool is_duplicate = false;
  bool is_retained = false;
  std::uint16_t packet_id = 0;  ///< 0 with QoS 0.
  std::string_view topic;
  Bytes payload;
};

/// Of a frame of type `publish`. The topic is a name as 4.7 wants it: UTF-8, no wildcards, not
/// empty.
std::optional<Publish> parse_publish(std::uint8_t flags, Bytes body);

/// One entry of SUBSCRIBE or UNSUBSCRIBE.
struct TopicFilter {
  std::string_view text;
  std::uint8_t qos = 0;  ///< Asked for; 0 in UNSUBSCRIBE.
};

/// The filters of a SUBSCRIBE or UNSUBSCRIBE, one after the other.
class FilterList {
 public:
  /// Checks all of it; at least one filter [MQTT-3.8.3-3, 3.10.3-2].
  static std::optional<FilterList> parse_subscribe(Bytes body);
  static std::optional<FilterList> parse_unsubscribe(Bytes body);

  [[nodiscard]] std::uint16_t packet_id() const { return packet_id_; }
  /// The next one, or nothing at the end.
  std::optional<TopicFilter> next();

 private:
  static std::optional<FilterList> parse(Bytes body, bool has_qos);

  Bytes rest_;
  std::uint16_t packet_id_ = 0;
  bool has_qos_ = false;
};

/// Whether it may be subscribed to: UTF-8, wildcards alone in their levels, `#` last (4.7.1).
bool is_topic_filter(std::string_view text);
/// Whether it may be published to: UTF-8 without wildcards, not empty.
bool is_topic_name(std::string_view text);

}  // namespace salus::node::mqtt
