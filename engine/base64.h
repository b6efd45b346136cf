// Base64 with the standard alphabet and padding (RFC 4648, section 4), as signed notes and PEM
// have it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/bytes.h"

namespace salus {

std::string to_base64(Bytes bytes);

/// The bytes of a text in the one form that `to_base64` writes: padded, without line breaks, unused
/// bits zero. Nothing for any other text, so that no two texts stand for the same bytes.
std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text);

}  // namespace salus
