#include "node/statement/plain_text.h"

#include <algorithm>
#include <array>

#include "engine/cbor_cursor.h"

namespace salus::node {
namespace {

constexpr unsigned char kSpace = 0x20;
constexpr unsigned char kDelete = 0x7f;

/// In UTF-8 the controls of C1 are 0xc2 followed by 0x80 to 0x9f.
bool holds_c1_control(std::string_view text) {
  constexpr char kLead = '\xc2';
  constexpr unsigned char kFirstCharacter = 0xa0;
  for (std::size_t i = text.find(kLead); i != std::string_view::npos; i = text.find(kLead, i + 1))
    if (i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < kFirstCharacter)
      return true;
  return false;
}

/// Of ASCII, by byte: most texts are short, and hold nothing else.
constexpr std::array<bool, 256> kIsPrintable = [] {
  std::array<bool, 256> table{};
  for (unsigned byte = kSpace; byte < kDelete; ++byte) table[byte] = true;
  return table;
}();

bool is_printable_ascii(std::string_view text) {
  bool is_printable = true;  // without an end in between: anything else is rare
  for (const char c : text) is_printable &= kIsPrintable[static_cast<unsigned char>(c)];
  return is_printable;
}

bool holds_ascii_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < kSpace || byte == kDelete;
  });
}

}  // namespace

bool is_plain_text(std::string_view text, std::size_t max_bytes) {
  if (text.empty() || text.size() > max_bytes) return false;
  if (is_printable_ascii(text)) return true;
  return !holds_ascii_control(text) && is_utf8(text) && !holds_c1_control(text);
}

}  // namespace salus::node
