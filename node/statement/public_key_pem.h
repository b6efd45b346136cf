// Public keys written as PEM.
#pragma once

#include <string>

#include "engine/signature/public_key.h"

namespace salus::node {

/// "-----BEGIN PUBLIC KEY-----" and so on: SubjectPublicKeyInfo (RFC 5480, RFC 8410). Throws
/// `Error` (input) when the key is not on its curve.
std::string public_key_pem(const engine::signature::PublicKey& key);

}  // namespace salus::node
