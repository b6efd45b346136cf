// ECDSA signatures as DER (RFC 3279, section 2.2.3), which certificates and most tools write. The
// verifier itself takes only r || s.
#pragma once

#include <array>
#include <optional>

#include "engine/bytes.h"

namespace salus::engine::signature {

/// r || s, 32 bytes each, of a strict DER encoding: shortest lengths and integers, no negative
/// numbers, nothing before, between or after. Nothing where it is anything else or where a number
/// needs more than 32 bytes. Their range is left to the verifier.
std::optional<std::array<std::uint8_t, 64>> p256_signature_from_der(Bytes der);

}  // namespace salus::engine::signature
