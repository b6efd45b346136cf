#include "node/mqtt/refusal_notice.h"

#include <fmt/format.h>

namespace salus::node::mqtt {

std::string refusal_notice(const Digest& id, Refusal refusal, std::uint16_t packet_id) {
  const std::string id_text = id == Digest{} ? "null" : fmt::format("\"{}\"", to_hex(id));
  const std::string packet = packet_id == 0 ? "null" : std::to_string(packet_id);
  return fmt::format(R"({{"id":{},"reason":"{}","packet_id":{}}})", id_text, to_string(refusal),
                     packet);
}

}  // namespace salus::node::mqtt
