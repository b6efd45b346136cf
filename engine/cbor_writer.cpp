#include "engine/cbor_writer.h"

#include <bit>
#include <cmath>
#include <limits>
#include <optional>

namespace salus {
namespace {

constexpr std::uint8_t kOneByte = 24;  // additional information: an argument of one byte follows
constexpr std::uint8_t kTwoBytes = 25;
constexpr std::uint8_t kFourBytes = 26;
constexpr std::uint8_t kEightBytes = 27;

/// The bits of IEEE 754's binary16 for a number that it holds exactly.
std::optional<std::uint16_t> half_bits(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const auto sign = static_cast<std::uint16_t>(bits >> 16 & 0x8000U);
  const std::uint32_t fraction = bits & 0x7fffffU;
  const int exponent = static_cast<int>(bits >> 23 & 0xffU) - 127;
  if (value == 0) return sign;
  if (std::isinf(value)) return static_cast<std::uint16_t>(sign | 0x7c00U);
  if (exponent >= -14 && exponent <= 15) {
    if ((fraction & 0x1fffU) != 0) return std::nullopt;
    return static_cast<std::uint16_t>(sign | static_cast<unsigned>(exponent + 15) << 10 |
                                      fraction >> 13);
  }
  // Below 2^-14 binary16 counts in steps of 2^-24.
  const float steps = std::ldexp(std::fabs(value), 24);
  if (exponent > 15 || steps != std::floor(steps) || steps < 1) return std::nullopt;
  return static_cast<std::uint16_t>(sign | static_cast<unsigned>(steps));
}

}  // namespace

void CborWriter::big_endian(std::uint64_t value, unsigned bytes) {
  for (unsigned shift = 8 * bytes; shift > 0; shift -= 8)
    out_.push_back(static_cast<std::uint8_t>(value >> (shift - 8)));
}

void CborWriter::head(CborMajor major, std::uint64_t argument) {
  const auto start = [&](std::uint64_t information) {
    out_.push_back(static_cast<std::uint8_t>(static_cast<unsigned>(major) << 5 | information));
  };
  if (argument < kOneByte) return start(argument);
  const bool one = argument <= 0xff;
  const bool two = argument <= 0xffff;
  const bool four = argument <= 0xffffffff;
  start(one ? kOneByte : two ? kTwoBytes : four ? kFourBytes : kEightBytes);
  big_endian(argument, one ? 1 : two ? 2 : four ? 4 : 8);
}

void CborWriter::integer(std::int64_t value) {
  if (value >= 0) return unsigned_integer(static_cast<std::uint64_t>(value));
  head(CborMajor::negative_integer, static_cast<std::uint64_t>(-1 - value));
}

void CborWriter::byte_string(Bytes bytes) {
  head(CborMajor::byte_string, bytes.size());
  encoded(bytes);
}

void CborWriter::text_string(std::string_view text) {
  head(CborMajor::text_string, text.size());
  encoded(as_bytes(text));
}

void CborWriter::floating_point(double value) {
  constexpr std::uint8_t kSimple = static_cast<unsigned>(CborMajor::simple) << 5;
  constexpr std::uint16_t kHalfNan = 0x7e00;
  const bool is_nan = std::isnan(value);
  const bool in_range = std::isinf(value) || std::fabs(value) <= std::numeric_limits<float>::max();
  const float single = in_range ? static_cast<float>(value) : 0;
  const bool fits_single = in_range && static_cast<double>(single) == value;
  const std::optional<std::uint16_t> half =
      is_nan ? kHalfNan : (fits_single ? half_bits(single) : std::nullopt);
  if (half) {
    out_.push_back(kSimple | kTwoBytes);
    big_endian(*half, 2);
  } else if (fits_single) {
    out_.push_back(kSimple | kFourBytes);
    big_endian(std::bit_cast<std::uint32_t>(single), 4);
  } else {
    out_.push_back(kSimple | kEightBytes);
    big_endian(std::bit_cast<std::uint64_t>(value), 8);
  }
}

}  // namespace salus
