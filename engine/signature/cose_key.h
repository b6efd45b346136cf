// Public keys as COSE_Key (RFC 9052, section 7; RFC 9053, section 7).
#pragma once

#include "engine/signature/public_key.h"

namespace salus::engine::signature {

/// Whether the bytes begin with a CBOR map, as a COSE_Key does.
bool looks_like_cose_key(Bytes bytes);

/// Reads an OKP key on Ed25519 or an EC2 key on P-256, its y as bytes or as a sign. Labels may come
/// in any order, none twice; others than those needed are passed over. Where the key says what it
/// is for (`alg`, `key_ops`), that must include verification with that algorithm. A key with a
/// private part is refused. Throws `Error` (input).
PublicKey parse_cose_key(Bytes bytes);

/// The key in deterministic CBOR with the members that it needs and no other: what thumbprints are
/// taken of (RFC 9679). Ed25519: {1: 1, -1: 6, -2: x}; P-256: {1: 2, -1: 1, -2: x, -3: y}, from a
/// key of 65 bytes.
std::vector<std::uint8_t> encode_cose_key(const PublicKey& key);

}  // namespace salus::engine::signature
