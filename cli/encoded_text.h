// Bytes written as text: hex or base64url (RFC 4648, section 5).
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace salus::cli {

enum class Encoding {
  automatic,  ///< Hex where the text is hex digits in pairs and nothing else, base64url otherwise.
  hex,
  base64url,
};

/// The bytes of `text`. A text that begins with "hex:" or "base64url:" says itself what it is; all
/// others are in `encoding`. Hex takes both cases. Base64url takes its padding in full or not at
/// all, and no bits that stand for nothing. Throws `Error` (input) saying what is wrong, without
/// showing the text.
std::vector<std::uint8_t> decode_text(std::string_view text,
                                      Encoding encoding = Encoding::automatic);

/// Whether `text` names its encoding, as above.
bool names_its_encoding(std::string_view text);

/// `text` without white space at its ends.
std::string_view trimmed(std::string_view text);

}  // namespace salus::cli
