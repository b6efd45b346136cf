#include "cli/encoded_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/bytes.h"
#include "engine/error.h"

namespace salus::cli {
namespace {

constexpr std::string_view kHexPrefix = "hex:";
constexpr std::string_view kBase64urlPrefix = "base64url:";

/// The value of each character as a digit of base64url; -1 for all others.
constexpr std::array<std::int8_t, 256> kBase64urlValues = [] {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (std::size_t i = 0; i < digits.size(); ++i)
    values[static_cast<unsigned char>(digits[i])] = static_cast<std::int8_t>(i);
  return values;
}();

[[noreturn]] void fail(const std::string& problem) { throw Error(ErrorKind::input, problem); }

bool is_hex_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

std::vector<std::uint8_t> decode_hex(std::string_view text) {
  if (text.size() % 2 != 0) fail(fmt::format("an odd number of hex digits ({})", text.size()));
  auto bytes = from_hex(text);
  if (!bytes) fail("not hex");
  return *std::move(bytes);
}

std::string_view without_padding(std::string_view text) {
  constexpr std::size_t kGroup = 4;
  if (!text.ends_with('=')) return text;
  if (text.size() % kGroup != 0) fail("base64url with a wrong number of = at its end");
  text.remove_suffix(1);
  if (text.ends_with('=')) text.remove_suffix(1);
  return text;
}

[[noreturn]] void refuse_base64url_digit(char digit) {
  if (digit == '+' || digit == '/')
    fail("base64 with + or /: base64url has - and _ in their places");
  fail("neither hex nor base64url");
}

std::vector<std::uint8_t> decode_base64url(std::string_view text) {
  const std::string_view digits = without_padding(text);
  std::vector<std::uint8_t> bytes;
  bytes.reserve(digits.size() * 3 / 4);
  std::uint32_t bits = 0;
  unsigned count = 0;  // of the bits that are not given out yet
  for (const char digit : digits) {
    const int value = kBase64urlValues[static_cast<unsigned char>(digit)];
    if (value < 0) refuse_base64url_digit(digit);
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push_back(static_cast<std::uint8_t>(bits >> count));
  }
  if (digits.size() % 4 == 1) fail("base64url of a length that cannot be");
  if ((bits & ((1U << count) - 1)) != 0) fail("base64url with bits at its end that mean nothing");
  return bytes;
}

}  // namespace

std::vector<std::uint8_t> decode_text(std::string_view text, Encoding encoding) {
  if (text.starts_with(kHexPrefix)) return decode_hex(text.substr(kHexPrefix.size()));
  if (text.starts_with(kBase64urlPrefix))
    return decode_base64url(text.substr(kBase64urlPrefix.size()));
  if (encoding == Encoding::automatic)
    encoding = text.size() % 2 == 0 && std::ranges::all_of(text, is_hex_digit)
                   ? Encoding::hex
                   : Encoding::base64url;
  return encoding == Encoding::hex ? decode_hex(text) : decode_base64url(text);
}

bool names_its_encoding(std::string_view text) {
  return text.starts_with(kHexPrefix) || text.starts_with(kBase64urlPrefix);
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

}  // namespace salus::cli
