#include "engine/bytes.h"

#include <algorithm>

namespace salus {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

void append_hex(std::string& out, std::uint8_t byte) {
  out.push_back(kDigits[byte >> 4]);
  out.push_back(kDigits[byte & 15]);
}

bool decode_hex(std::string_view hex, std::span<std::uint8_t> out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    const int high = digit_value(hex[2 * i]);
    const int low = digit_value(hex[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    out[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return true;
}

}  // namespace

std::string to_hex(Bytes bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) append_hex(out, byte);
  return out;
}

std::string to_hex_reversed(Bytes bytes) {
  std::vector<std::uint8_t> reversed(bytes.rbegin(), bytes.rend());
  return to_hex(reversed);
}

std::optional<std::vector<std::uint8_t>> from_hex(std::string_view hex) {
  if (hex.size() % 2 != 0) return std::nullopt;
  std::vector<std::uint8_t> out(hex.size() / 2);
  if (!decode_hex(hex, out)) return std::nullopt;
  return out;
}

std::optional<Digest> digest_from_hex(std::string_view hex) {
  Digest out;
  if (hex.size() != 2 * out.size() || !decode_hex(hex, out)) return std::nullopt;
  return out;
}

}  // namespace salus
