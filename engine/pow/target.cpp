#include "engine/pow/target.h"

#include <bit>
#include <cassert>

namespace salus::pow {
namespace {

// Compact bits: an exponent byte (the number's length in bytes), a sign bit and a 23-bit mantissa.
constexpr std::uint32_t kSignBit = 0x00800000;
constexpr std::uint32_t kMantissa = 0x007fffff;
constexpr unsigned kMantissaBytes = 3;

constexpr std::uint32_t kDifficulty1Bits = 0x1d00ffff;

/// Whether mantissa * 256^(length - 3) needs more than 256 bits.
bool overflows(std::uint32_t mantissa, unsigned length) {
  return mantissa != 0 &&
         (length > 34 || (mantissa > 0xff && length > 33) || (mantissa > 0xffff && length > 32));
}

}  // namespace

const char* to_string(BitsError error) {
  switch (error) {
    case BitsError::none: return "none";
    case BitsError::zero: return "zero";
    case BitsError::negative: return "negative";
    case BitsError::overflow: return "overflow";
  }
  return "?";
}

// Follows `arith_uint256::SetCompact` of Bitcoin Core rule by rule: the signs of zero and overflow
// are judged on the mantissa after small exponents have cut it.
DecodedBits decode_bits(std::uint32_t bits) {
  const unsigned length = bits >> 24;
  std::uint32_t mantissa = bits & kMantissa;
  DecodedBits out;
  if (length <= kMantissaBytes) {
    mantissa >>= 8 * (kMantissaBytes - length);
    out.target = Uint256(mantissa);
  } else {
    out.target = Uint256(mantissa) << (8 * (length - kMantissaBytes));
  }
  if (mantissa == 0)
    out.error = BitsError::zero;
  else if ((bits & kSignBit) != 0)
    out.error = BitsError::negative;
  else if (overflows(mantissa, length))
    out.error = BitsError::overflow;
  return out;
}

std::uint32_t encode_bits(const Target& target) {
  unsigned length = (target.bit_length() + 7) / 8;
  auto mantissa = static_cast<std::uint32_t>(
      length <= kMantissaBytes ? target.limbs[0] << (8 * (kMantissaBytes - length))
                               : (target >> (8 * (length - kMantissaBytes))).limbs[0]);
  if ((mantissa & kSignBit) != 0) {
    mantissa >>= 8;
    ++length;
  }
  return mantissa | static_cast<std::uint32_t>(length) << 24;
}

Uint256 work_of(const Target& target) {
  if (target.is_zero()) return ~Uint256{};
  // 2^256 does not fit, but 2^256 / n = (2^256 - n) / n + 1, and 2^256 - (target + 1) is ~target.
  const Uint256 next = target + Uint256(1);
  return next.is_zero() ? Uint256(1) : ~target / next + Uint256(1);
}

Target target_of(const Uint256& work) {
  assert(!work.is_zero());
  // floor(2^256 / (t + 1)) >= work holds for t + 1 <= floor(2^256 / work) and for no larger t.
  return (Uint256{} - work) / work;
}

std::uint32_t reject_mask(const Target& target) {
  // A hash read as a little-endian number has the last state word, byte-swapped, on top.
  const auto top = static_cast<std::uint32_t>(target.limbs[3] >> 32);
  if (top == 0) return 0xffffffff;
  const int spare = std::countl_zero(top);
  return spare == 0 ? 0 : __builtin_bswap32(0xffffffffu << (32 - spare));
}

double difficulty(const Target& target) {
  return decode_bits(kDifficulty1Bits).target.to_double() / target.to_double();
}

}  // namespace salus::pow
