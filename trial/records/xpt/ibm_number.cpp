#include "trial/records/xpt/ibm_number.h"

#include <bit>
#include <cassert>
#include <charconv>
#include <cmath>
#include <cstring>
#include <string_view>

namespace salus::trial::xpt {
namespace {

// Sign bit, seven bits of exponent to base 16 (excess 64), 56 bits of fraction.
constexpr int kFractionBits = 56;
constexpr std::uint64_t kFractionMask = (std::uint64_t{1} << kFractionBits) - 1;
constexpr int kDoubleBits = 53;

std::size_t write_bytes(std::uint64_t number, std::size_t length, char* out) {
  constexpr std::string_view kPrefix = "ibm:";
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::memcpy(out, kPrefix.data(), kPrefix.size());
  char* end = out + kPrefix.size();
  for (std::size_t i = 0; i < 2 * length; ++i) *end++ = kDigits[number >> (60 - 4 * i) & 0xf];
  return static_cast<std::size_t>(end - out);
}

/// A first byte of '.', '_' or a letter and nothing behind it, as SAS marks what is missing.
bool is_missing(std::uint8_t first) {
  return first == '.' || first == '_' || (first >= 'A' && first <= 'Z');
}

std::size_t write_missing(std::uint8_t first, char* out) {
  out[0] = '.';
  if (first == '.') return 1;
  out[1] = static_cast<char>(first);
  return 2;
}

std::size_t write_integer(bool negative, std::uint64_t value, char* out) {
  char* begin = out;
  if (negative) *begin++ = '-';
  return static_cast<std::size_t>(std::to_chars(begin, out + kMaxNumberText, value).ptr - out);
}

}  // namespace

std::size_t write_number(std::span<const std::uint8_t> bytes, char* out) {
  assert(bytes.size() >= 2 && bytes.size() <= 8);
  std::uint64_t number = 0;
  for (const std::uint8_t byte : bytes) number = number << 8 | byte;
  number <<= 8 * (8 - bytes.size());

  const std::uint64_t fraction = number & kFractionMask;
  if (number == 0) return write_integer(false, 0, out);
  if (fraction == 0) {
    if (is_missing(bytes[0])) return write_missing(bytes[0], out);
    return write_bytes(number, bytes.size(), out);
  }
  const bool normal = fraction >> (kFractionBits - 4) != 0;
  const int zeros = std::countr_zero(fraction);
  const int bits = static_cast<int>(std::bit_width(fraction)) - zeros;
  if (!normal || bits > kDoubleBits) return write_bytes(number, bytes.size(), out);

  const bool negative = (bytes[0] & 0x80) != 0;
  const int shift = 4 * ((bytes[0] & 0x7f) - 64) - kFractionBits;
  if (shift <= 0 && shift >= -kFractionBits && zeros >= -shift) {
    const std::uint64_t value = fraction >> -shift;
    if (value < std::uint64_t{1} << kDoubleBits) return write_integer(negative, value, out);
  }
  const double value = std::ldexp(static_cast<double>(fraction), shift);
  const auto end = std::to_chars(out, out + kMaxNumberText, negative ? -value : value);
  return static_cast<std::size_t>(end.ptr - out);
}

}  // namespace salus::trial::xpt
