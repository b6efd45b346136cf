#include "engine/pow/asert.h"

#include <algorithm>
#include <cassert>
#include <string>

#include "engine/error.h"

namespace salus::pow {
namespace {

using Signed = __int128;

// The exponent is a fixed-point number with this many bits behind the point.
constexpr unsigned kRadixBits = 16;
constexpr std::uint64_t kRadix = std::uint64_t{1} << kRadixBits;

/// 2^(fraction / 2^16) in the same fixed point, by the cubic of the specification; its error is
/// below 0.013 %, and no intermediate value reaches 2^64.
std::uint64_t power_of_two(std::uint64_t fraction) {
  assert(fraction < kRadix);
  constexpr std::uint64_t kHalf = std::uint64_t{1} << 47;
  const std::uint64_t cubic = 195766423245049 * fraction + 971821376 * fraction * fraction +
                              5127 * fraction * fraction * fraction + kHalf;
  return kRadix + (cubic >> 48);
}

/// target * factor * 2^shift, or `limit` where that needs more than 256 bits.
Target scaled(const Target& target, std::uint64_t factor, Signed shift, const Target& limit) {
  // The product may need 273 bits: the factor has at most 17. So its low 32 bits are kept apart.
  constexpr unsigned kLow = 32;
  const std::uint64_t low_product = (target.limbs[0] & 0xffffffff) * factor;
  const Uint256 high = (target >> kLow) * factor + Uint256(low_product >> kLow);
  const Uint256 low(low_product & 0xffffffff);
  // The value is (high * 2^32 + low) * 2^shift.
  const Signed up = shift + kLow;
  if (up <= 0) return up <= -256 ? Uint256{} : high >> static_cast<unsigned>(-up);
  if (static_cast<Signed>(high.bit_length()) + up > 256) return limit;
  const Uint256 part =
      shift >= 0 ? low << static_cast<unsigned>(shift) : low >> static_cast<unsigned>(-shift);
  return (high << static_cast<unsigned>(up)) + part;
}

}  // namespace

std::uint32_t asert_next_bits(const AsertParams& params, const AsertAnchor& anchor,
                              std::uint64_t height, std::int64_t time) {
  assert(params.spacing != 0 && params.half_life != 0 && height >= anchor.height);
  const DecodedBits start = decode_bits(anchor.bits);
  if (start.error != BitsError::none)
    throw Error(ErrorKind::usage,
                std::string("the anchor's bits are no target: ") + to_string(start.error));

  const Signed elapsed = static_cast<Signed>(time) - anchor.parent_time;
  const Signed scheduled =
      static_cast<Signed>(params.spacing) * (static_cast<Signed>(height - anchor.height) + 1);
  // C++ divides towards zero, as the published vectors want: flooring misses most of those in which
  // blocks come early. The arithmetic shift that follows does floor.
  const Signed exponent = (elapsed - scheduled) * static_cast<Signed>(kRadix) / params.half_life;
  const Signed whole = exponent >> kRadixBits;
  const auto fraction = static_cast<std::uint64_t>(exponent - (whole << kRadixBits));

  const Target target = scaled(start.target, power_of_two(fraction),
                               whole - static_cast<Signed>(kRadixBits), params.limit);
  return encode_bits(std::clamp(target, Target(1), params.limit));
}

}  // namespace salus::pow
