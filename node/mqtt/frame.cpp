// The fixed header (2.2).
#include "node/mqtt/packet.h"

#include <algorithm>

namespace salus::node::mqtt {
namespace {

/// Table 2.2: only PUBLISH has flags of its own; elsewhere other values are malformed
/// [MQTT-2.2.2-2].
bool has_good_first_byte(std::uint8_t first) {
  const unsigned type = first >> 4;
  const unsigned flags = first & 0x0FU;
  if (type == 0 || type == 15) return false;
  switch (static_cast<PacketType>(type)) {
    case PacketType::publish: {
      const unsigned qos = flags >> 1 & 3U;
      const bool is_duplicate = (flags & 8U) != 0;
      return qos != 3 && !(qos == 0 && is_duplicate);  // [MQTT-3.3.1-4, -2]
    }
    case PacketType::pubrel:
    case PacketType::subscribe:
    case PacketType::unsubscribe: return flags == 2;
    default: return flags == 0;
  }
}

struct RemainingLength {
  FrameState state = FrameState::incomplete;
  std::size_t value = 0;
  std::size_t bytes = 0;  ///< That it is written in.
};

/// Seven bits a byte, the lowest first, at most four bytes (2.2.3); the shortest form only.
RemainingLength read_remaining_length(Bytes bytes) {
  RemainingLength result;
  for (const std::uint8_t byte : bytes.first(std::min(bytes.size(), kMaxFixedHeader - 1))) {
    result.value |= std::size_t{byte & 0x7FU} << 7 * result.bytes++;
    if ((byte & 0x80) != 0) continue;
    const bool is_shortest = byte != 0 || result.bytes == 1;
    result.state = is_shortest ? FrameState::whole : FrameState::malformed;
    return result;
  }
  if (result.bytes == kMaxFixedHeader - 1) result.state = FrameState::malformed;
  return result;
}

}  // namespace

FrameResult read_frame(Bytes bytes, std::size_t max_size) {
  FrameResult result;
  if (bytes.empty()) return result;
  if (!has_good_first_byte(bytes[0])) return {FrameState::malformed, {}, 0};
  const RemainingLength length = read_remaining_length(bytes.subspan(1));
  if (length.state != FrameState::whole) return {length.state, {}, 0};

  const std::size_t header = 1 + length.bytes;
  result.size = header + length.value;
  if (result.size > max_size) {
    result.state = FrameState::too_long;
  } else if (result.size <= bytes.size()) {
    result.state = FrameState::whole;
    result.frame = {static_cast<PacketType>(bytes[0] >> 4),
                    static_cast<std::uint8_t>(bytes[0] & 0x0F), bytes.subspan(header, length.value),
                    result.size};
  }
  return result;
}

}  // namespace salus::node::mqtt
