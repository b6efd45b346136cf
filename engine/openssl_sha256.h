// SHA-256 by OpenSSL: the reference that everything of ours is checked against, and the digest of
// choice where a single short message is hashed off the hot path.
#pragma once

#include "engine/bytes.h"

namespace salus {

Digest openssl_sha256(Bytes bytes);

/// SHA-256 of SHA-256, as Bitcoin's ids are made.
Digest openssl_sha256d(Bytes bytes);

}  // namespace salus
