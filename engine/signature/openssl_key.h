// Keys and signatures as OpenSSL takes them.
#pragma once

#include "engine/signature/openssl_object.h"
#include "engine/signature/signature.h"

namespace salus::engine::signature {

/// The key in OpenSSL's hands. `bytes` are as in `Item::public_key`: 32 bytes of Ed25519, or a
/// point on P-256. Throws `Error` (system) when OpenSSL does not take them.
OwnedKey openssl_key(Algorithm algorithm, Bytes bytes);

/// What OpenSSL verifies: Ed25519 signatures as they are, those of P-256 in DER. `signature` has
/// kSignatureBytes. Throws `Error` (system) when OpenSSL is out of memory.
std::vector<std::uint8_t> openssl_signature(Algorithm algorithm, Bytes signature);

/// Whether OpenSSL, on its own terms, accepts what `openssl_signature` returned. Throws `Error`
/// (system) when it cannot tell.
bool openssl_accepts(EVP_PKEY* key, Algorithm algorithm, Bytes signature, Bytes message);

}  // namespace salus::engine::signature
