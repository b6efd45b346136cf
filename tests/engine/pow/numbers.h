// Uint256 from hex, for tests.
#pragma once

#include <algorithm>
#include <stdexcept>
#include <string>

#include "engine/pow/uint256.h"

namespace salus::pow {

/// A big-endian hex number of up to 64 digits.
inline Uint256 number(std::string hex) {
  hex.insert(0, 64 - hex.size(), '0');
  std::optional<Digest> bytes = digest_from_hex(hex);
  if (!bytes) throw std::invalid_argument("not hex: " + hex);
  std::reverse(bytes->begin(), bytes->end());
  return Uint256::from_digest(*bytes);
}

}  // namespace salus::pow
