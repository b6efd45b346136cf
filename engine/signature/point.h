// Points of P-256 in the encodings of SEC 1, section 2.3.3.
#pragma once

#include "engine/signature/public_key.h"

namespace salus::engine::signature {

inline constexpr std::size_t kP256CompressedBytes = 33;

/// The key of 0x04 || x || y, taken as it is, or of 0x02 / 0x03 || x, whose y is computed. Throws
/// `Error` (input) for another length or first byte, and for an x without a y.
PublicKey p256_key_from_point(Bytes point);

}  // namespace salus::engine::signature
