// 256-bit unsigned integers: targets, work and hashes as numbers.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>

#include "engine/bytes.h"

namespace salus::pow {

/// Four 64-bit limbs, least significant first. Arithmetic wraps modulo 2^256.
struct Uint256 {
  std::array<std::uint64_t, 4> limbs{};

  constexpr Uint256() = default;
  constexpr explicit Uint256(std::uint64_t low) : limbs{low, 0, 0, 0} {}

  /// A digest read as a little-endian number, as proof of work compares it.
  static Uint256 from_digest(const Digest& digest);

  [[nodiscard]] bool is_zero() const;
  /// Position of the highest set bit plus one; 0 for zero.
  [[nodiscard]] unsigned bit_length() const;
  /// Big-endian hex, 64 digits.
  [[nodiscard]] std::string hex() const;
  /// Nearest double, for rates and estimates.
  [[nodiscard]] double to_double() const;

  friend bool operator==(const Uint256&, const Uint256&) = default;
  friend std::strong_ordering operator<=>(const Uint256& a, const Uint256& b);
};

Uint256 operator+(const Uint256& a, const Uint256& b);
Uint256 operator-(const Uint256& a, const Uint256& b);
Uint256 operator~(const Uint256& a);
Uint256 operator<<(const Uint256& a, unsigned shift);
Uint256 operator>>(const Uint256& a, unsigned shift);
Uint256 operator*(const Uint256& a, std::uint64_t b);
/// Quotient; `b` is not zero.
Uint256 operator/(const Uint256& a, const Uint256& b);

}  // namespace salus::pow
