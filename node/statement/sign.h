// Statements made.
#pragma once

#include <vector>

#include "node/statement/signing_key.h"
#include "node/statement/statement.h"

namespace salus::node {

/// What a statement says about itself besides its type; as in `Statement`.
struct Claims {
  std::string_view issuer;   ///< Left out where it is empty.
  std::string_view subject;  ///< Left out where it is empty.
  std::int64_t issued_at = 0;
  std::uint64_t sequence = 0;
};

/// One statement in deterministic CBOR, which `parse_statement` takes. The algorithm is named -8
/// (EdDSA) or -7 (ES256), which every COSE library knows, and types that CoAP has a number for by
/// that number. The payload is not looked into. Throws `Error` (usage) for claims that no statement
/// may have and when it would be longer than `kMaxStatementBytes`. Safe from several threads.
std::vector<std::uint8_t> sign_statement(const SigningKey& key, const Claims& claims,
                                         ContentType type, Bytes payload);

}  // namespace salus::node
