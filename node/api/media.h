// Which of the two forms of an answer a client wants.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace salus::node::api {

enum class Format : std::uint8_t { json, cbor };

/// "application/json", "application/cbor".
std::string_view media_type(Format format);

/// By the Accept header (RFC 9110, 12.5.1); JSON where both are as welcome or there is no such
/// header; nothing where neither is.
std::optional<Format> choose_format(std::string_view accept);

/// Whether a body of this Content-Type may hold statements: application/cose, application/cbor or
/// application/cbor-seq, with any parameters. Empty counts: a device may leave it out.
bool may_hold_statements(std::string_view content_type);

}  // namespace salus::node::api
