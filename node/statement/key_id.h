// What a key is called: by its thumbprint as COSE_Key (RFC 9679), so that everyone who has the key
// gives it the same name, whatever form it came in.
#pragma once

#include <optional>
#include <string_view>

#include "engine/signature/public_key.h"
#include "node/statement/statement.h"

namespace salus::node {

using engine::signature::PublicKey;

/// SHA-256 over the key as `encode_cose_key` writes it.
Digest key_thumbprint(const PublicKey& key);

/// The first 16 bytes of the thumbprint.
KeyId key_id(const PublicKey& key);

/// From exactly 32 hex digits of either case; `to_hex` writes them.
std::optional<KeyId> key_id_from_hex(std::string_view hex);

}  // namespace salus::node
