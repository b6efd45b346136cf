#include "node/mqtt/text.h"

#include "engine/cbor_cursor.h"

namespace salus::node::mqtt {

bool is_mqtt_text(std::string_view text) {
  return text.find('\0') == std::string_view::npos && is_utf8(text);
}

}  // namespace salus::node::mqtt
