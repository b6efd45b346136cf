// Text as MQTT permits it.
#pragma once

#include <string_view>

namespace salus::node::mqtt {

/// Whether `text` is well-formed UTF-8 without surrogates and without U+0000 [MQTT-1.5.3-1, -2].
bool is_mqtt_text(std::string_view text);

}  // namespace salus::node::mqtt
