#include "node/statement/plain_text.h"

#include <algorithm>

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

}  // namespace

bool is_plain_text(std::string_view text, std::size_t max_bytes) {
  if (text.empty() || text.size() > max_bytes) return false;
  // Without an end in between, so that compilers make vectors of it.
  unsigned controls = 0;
  unsigned all_bits = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    controls |= static_cast<unsigned>(byte < kSpace) | static_cast<unsigned>(byte == kDelete);
    all_bits |= byte;
  }
  if (controls != 0) return false;
  const bool is_ascii = all_bits <= kDelete;
  return is_ascii || (is_utf8(text) && !holds_c1_control(text));
}

}  // namespace salus::node
