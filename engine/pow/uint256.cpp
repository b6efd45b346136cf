#include "engine/pow/uint256.h"

#include <bit>
#include <cassert>
#include <cmath>

namespace salus::pow {
namespace {

constexpr unsigned kLimbBits = 64;
constexpr unsigned kLimbs = 4;
using Wide = unsigned __int128;

}  // namespace

Uint256 Uint256::from_digest(const Digest& digest) {
  Uint256 out;
  for (std::size_t i = 0; i < digest.size(); ++i)
    out.limbs[i / 8] |= static_cast<std::uint64_t>(digest[i]) << (8 * (i % 8));
  return out;
}

bool Uint256::is_zero() const { return (limbs[0] | limbs[1] | limbs[2] | limbs[3]) == 0; }

unsigned Uint256::bit_length() const {
  for (unsigned i = kLimbs; i-- > 0;)
    if (limbs[i] != 0)
      return i * kLimbBits + kLimbBits - static_cast<unsigned>(std::countl_zero(limbs[i]));
  return 0;
}

std::string Uint256::hex() const {
  std::array<std::uint8_t, 32> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<std::uint8_t>(limbs[i / 8] >> (8 * (i % 8)));
  return to_hex_reversed(bytes);
}

double Uint256::to_double() const {
  const unsigned length = bit_length();
  if (length <= kLimbBits) return static_cast<double>(limbs[0]);
  // The top 64 bits, with every lower bit folded into the last of them, round as the whole does:
  // a double keeps 53.
  const unsigned dropped = length - kLimbBits;
  std::uint64_t top = (*this >> dropped).limbs[0];
  if (((*this >> dropped) << dropped) != *this) top |= 1;
  return std::ldexp(static_cast<double>(top), static_cast<int>(dropped));
}

std::strong_ordering operator<=>(const Uint256& a, const Uint256& b) {
  for (unsigned i = kLimbs; i-- > 0;)
    if (a.limbs[i] != b.limbs[i]) return a.limbs[i] <=> b.limbs[i];
  return std::strong_ordering::equal;
}

Uint256 operator+(const Uint256& a, const Uint256& b) {
  Uint256 out;
  Wide carry = 0;
  for (unsigned i = 0; i < kLimbs; ++i) {
    carry += static_cast<Wide>(a.limbs[i]) + b.limbs[i];
    out.limbs[i] = static_cast<std::uint64_t>(carry);
    carry >>= kLimbBits;
  }
  return out;
}

Uint256 operator-(const Uint256& a, const Uint256& b) { return a + ~b + Uint256(1); }

Uint256 operator~(const Uint256& a) {
  Uint256 out;
  for (unsigned i = 0; i < kLimbs; ++i) out.limbs[i] = ~a.limbs[i];
  return out;
}

Uint256 operator<<(const Uint256& a, unsigned shift) {
  Uint256 out;
  const unsigned whole = shift / kLimbBits;
  const unsigned part = shift % kLimbBits;
  for (unsigned i = whole; i < kLimbs; ++i) {
    out.limbs[i] = a.limbs[i - whole] << part;
    if (part != 0 && i > whole) out.limbs[i] |= a.limbs[i - whole - 1] >> (kLimbBits - part);
  }
  return out;
}

Uint256 operator>>(const Uint256& a, unsigned shift) {
  Uint256 out;
  const unsigned whole = shift / kLimbBits;
  const unsigned part = shift % kLimbBits;
  for (unsigned i = 0; i + whole < kLimbs; ++i) {
    out.limbs[i] = a.limbs[i + whole] >> part;
    if (part != 0 && i + whole + 1 < kLimbs)
      out.limbs[i] |= a.limbs[i + whole + 1] << (kLimbBits - part);
  }
  return out;
}

Uint256 operator*(const Uint256& a, std::uint64_t b) {
  Uint256 out;
  Wide carry = 0;
  for (unsigned i = 0; i < kLimbs; ++i) {
    carry += static_cast<Wide>(a.limbs[i]) * b;
    out.limbs[i] = static_cast<std::uint64_t>(carry);
    carry >>= kLimbBits;
  }
  return out;
}

Uint256 operator/(const Uint256& a, const Uint256& b) {
  assert(!b.is_zero());
  if (a < b) return Uint256{};
  // Shift and subtract: a bit of quotient a step. Nothing hot divides.
  unsigned shift = a.bit_length() - b.bit_length();
  Uint256 quotient;
  Uint256 rest = a;
  Uint256 divisor = b << shift;
  for (;; --shift, divisor = divisor >> 1) {
    if (rest >= divisor) {
      rest = rest - divisor;
      quotient.limbs[shift / kLimbBits] |= std::uint64_t{1} << (shift % kLimbBits);
    }
    if (shift == 0) return quotient;
  }
}

}  // namespace salus::pow
