#include "cli/hex_options.h"

#include <fmt/format.h>

#include <charconv>

#include "cli/output.h"
#include "engine/error.h"

namespace salus::cli {
namespace {

constexpr std::size_t kShownCharacters = 40;

/// The offender, short enough for one line.
std::string shown(const std::string& text) {
  if (text.size() <= kShownCharacters) return printable(text);
  return printable(text.substr(0, kShownCharacters)) + "...";
}

}  // namespace

std::uint32_t parse_hex32(const std::string& text, const std::string& option) {
  constexpr std::size_t kMaxDigits = 8;
  std::string_view digits = text;
  if (digits.starts_with("0x") || digits.starts_with("0X")) digits.remove_prefix(2);
  std::uint32_t value = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (error != std::errc() || end != digits.data() + digits.size() || digits.size() > kMaxDigits)
    throw Error(ErrorKind::usage, fmt::format("{}: '{}' is not a number of 1 to {} hex digits",
                                              option, shown(text), kMaxDigits));
  return value;
}

pow::Header parse_header_hex(const std::string& text, const std::string& option) {
  if (text.size() % 2 != 0)
    throw Error(ErrorKind::input, fmt::format("{}: odd number of hex digits ({}) in '{}'", option,
                                              text.size(), shown(text)));
  const auto bytes = from_hex(text);
  if (!bytes)
    throw Error(ErrorKind::input, fmt::format("{}: '{}' is not hex", option, shown(text)));
  if (bytes->size() != pow::kHeaderSize)
    throw Error(ErrorKind::input, fmt::format("{}: a header has {} bytes, this one has {}", option,
                                              pow::kHeaderSize, bytes->size()));
  return pow::parse_header(std::span<const std::uint8_t, pow::kHeaderSize>(*bytes));
}

pow::Target parse_bits(std::uint32_t bits, const std::string& what) {
  const pow::DecodedBits decoded = pow::decode_bits(bits);
  if (decoded.error != pow::BitsError::none)
    throw Error(ErrorKind::input, fmt::format("{}: bits {:08x} are no target: {}", what, bits,
                                              pow::to_string(decoded.error)));
  return decoded.target;
}

}  // namespace salus::cli
