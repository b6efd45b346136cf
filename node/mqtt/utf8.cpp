#include "node/mqtt/utf8.h"

#include <cstddef>
#include <cstdint>

namespace salus::node::mqtt {
namespace {

/// Length of the sequence that a byte begins; 0 where none does (Unicode, table 3-7).
std::size_t sequence_length(std::uint8_t lead) {
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

/// What the second byte may be: shuts out overlong forms, surrogates and what is above U+10FFFF.
bool is_second_byte(std::uint8_t lead, std::uint8_t second) {
  const std::uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const std::uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  return second >= low && second <= high;
}

}  // namespace

bool is_mqtt_text(std::string_view text) {
  const auto byte = [text](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  for (std::size_t i = 0; i < text.size();) {
    if (byte(i) < 0x80) {
      if (byte(i++) == 0) return false;
      continue;
    }
    const std::size_t length = sequence_length(byte(i));
    if (length == 0 || length > text.size() - i) return false;
    if (!is_second_byte(byte(i), byte(i + 1))) return false;
    for (std::size_t k = 2; k < length; ++k)
      if ((byte(i + k) & 0xC0) != 0x80) return false;
    i += length;
  }
  return true;
}

}  // namespace salus::node::mqtt
