// CBOR shown to people: diagnostic notation (RFC 8949, section 8).
#pragma once

#include <optional>
#include <string>

#include "engine/bytes.h"

namespace salus::cli {

/// The one item that `bytes` are, on one line. Text from outside is escaped so that it cannot steer
/// a terminal. Nothing when there is no item, more than one, one of indefinite length, or one that
/// is nested more than eight deep.
std::optional<std::string> diagnostic_notation(Bytes bytes);

/// h'0102'
std::string diagnostic_bytes(Bytes bytes);

/// Text in double quotes, escaped as in JSON; control characters of C1 and bytes that are no UTF-8
/// too.
std::string diagnostic_text(std::string_view text);

}  // namespace salus::cli
