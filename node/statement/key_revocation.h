// The payload that ends a key: application/vnd.salus.key-revocation+cbor.
//
//   {1: id of the key, 2: reason}        docs/formats.md
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "node/statement/key_id.h"

namespace salus::node {

/// Why a key is ended: the numbers of CRLReason (RFC 5280, 5.3.1) that make sense here.
enum class RevocationReason : std::uint8_t {
  unspecified = 0,
  key_compromise = 1,
  affiliation_changed = 3,
  superseded = 4,
  cessation_of_operation = 5,
  privilege_withdrawn = 9,
};

/// "unspecified", "key_compromise", ...
std::string_view to_string(RevocationReason reason);

struct KeyRevocation {
  KeyId key{};
  RevocationReason reason = RevocationReason::unspecified;

  friend bool operator==(const KeyRevocation&, const KeyRevocation&) = default;
};

std::vector<std::uint8_t> encode(const KeyRevocation& revocation);

/// Nothing when the payload is not exactly what `encode` writes.
std::optional<KeyRevocation> decode_key_revocation(Bytes payload);

}  // namespace salus::node
