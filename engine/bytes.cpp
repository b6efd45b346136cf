#include "engine/bytes.h"

#include <algorithm>

namespace salus {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

/// The value of each character as a hex digit; -1 for all others. A table, because manifests have
/// millions of digits.
constexpr std::array<std::int8_t, 256> kDigitValues = [] {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (std::size_t i = 0; i < 10; ++i) values['0' + i] = static_cast<std::int8_t>(i);
  for (std::size_t i = 0; i < 6; ++i)
    values['a' + i] = values['A' + i] = static_cast<std::int8_t>(10 + i);
  return values;
}();

int digit_value(char c) { return kDigitValues[static_cast<unsigned char>(c)]; }

void append_hex(std::string& out, std::uint8_t byte) {
  out.push_back(kDigits[byte >> 4]);
  out.push_back(kDigits[byte & 15]);
}

bool decode_hex(std::string_view hex, std::span<std::uint8_t> out) {
  int wrong = 0;  // negative when any digit is
  for (std::size_t i = 0; i < out.size(); ++i) {
    const int high = digit_value(hex[2 * i]);
    const int low = digit_value(hex[2 * i + 1]);
    wrong |= high | low;
    out[i] = static_cast<std::uint8_t>((high & 15) * 16 + (low & 15));
  }
  return wrong >= 0;
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
