// Numbers of SAS transport files: IBM System/360 hexadecimal floating point, as text that stands
// for exactly one value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace salus::trial::xpt {

/// Room that any number's text fits into.
inline constexpr std::size_t kMaxNumberText = 32;

/// Writes the text of a number of 2 to 8 bytes (a shorter one has lost its low bytes) to `out`, at
/// least `kMaxNumberText` long; how long it is. Different bytes of one length have different texts:
///
///   missing values                     ".", "._", ".A" ... ".Z"
///   integers below 2^53                their digits, "-7"
///   what a double holds exactly        the shortest digits that read back as the same, "0.1"
///   everything else                    the bytes, "ibm:4110000000000001": more digits than a
///                                      double has, a negative zero, leading zero digits
std::size_t write_number(std::span<const std::uint8_t> bytes, char* out);

}  // namespace salus::trial::xpt
