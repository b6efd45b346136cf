// Targets, their compact form ("bits") and the work that they stand for, by Bitcoin's rules.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/pow/uint256.h"

namespace salus::pow {

/// A header meets a target when its id, read as a little-endian number, is at most this.
using Target = Uint256;

/// Why compact bits are not a target.
enum class BitsError { none, zero, negative, overflow };

const char* to_string(BitsError error);

/// The target that compact bits stand for, or why they stand for none (zero, sign bit set with a
/// mantissa, or more than 256 bits). Rounding down: mantissa bits below 1 are dropped.
struct DecodedBits {
  Target target;
  BitsError error = BitsError::none;
};
DecodedBits decode_bits(std::uint32_t bits);

/// The compact form, normalised, mantissa truncated (as GetCompact in Bitcoin Core).
std::uint32_t encode_bits(const Target& target);

/// Expected number of hashes to meet the target: floor(2^256 / (target + 1)); 2^256 - 1 for target
/// 0.
Uint256 work_of(const Target& target);

/// The easiest target whose work is at least `work`; `work` is at least 1.
Target target_of(const Uint256& work);

/// A mask over the last big-endian state word of a hash so that every hash that meets the target
/// has (word & mask) == 0. It passes fewer than twice as many hashes as the target's top word
/// needs.
std::uint32_t reject_mask(const Target& target);

/// "difficulty" as miners count it: difficulty-1 target (0x1d00ffff) over this target.
double difficulty(const Target& target);

}  // namespace salus::pow
