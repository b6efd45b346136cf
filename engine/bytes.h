// Byte spans, digests and hex: the currency of every interface in Salus.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace salus {

/// Read-only bytes owned by somebody else.
using Bytes = std::span<const std::uint8_t>;

/// The bytes of a string, for hashing and comparing.
inline Bytes as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// A SHA-256 value in the order in which SHA-256 emits its bytes.
struct Digest : std::array<std::uint8_t, 32> {
  friend auto operator<=>(const Digest&, const Digest&) = default;
};

/// Lower-case hex, two digits a byte.
std::string to_hex(Bytes bytes);

/// Hex with the bytes in reverse order: how Bitcoin shows block and transaction ids.
std::string to_hex_reversed(Bytes bytes);

/// The bytes of a hex string of either case; nothing when a digit is wrong or the count is odd.
std::optional<std::vector<std::uint8_t>> from_hex(std::string_view hex);

/// A digest from exactly 64 hex digits.
std::optional<Digest> digest_from_hex(std::string_view hex);

}  // namespace salus
