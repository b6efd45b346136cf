// The payload that puts a new key in an old one's place: application/vnd.salus.key-rotation+cbor.
//
//   {1: id of the old key, 2: COSE_Key}        docs/formats.md
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "node/statement/key_id.h"

namespace salus::node {

struct KeyRotation {
  KeyId old_key{};
  PublicKey new_key;  ///< Gets the old one's role and name.

  friend bool operator==(const KeyRotation&, const KeyRotation&) = default;
};

std::vector<std::uint8_t> encode(const KeyRotation& rotation);

/// Nothing when the payload is not exactly what `encode` writes.
std::optional<KeyRotation> decode_key_rotation(Bytes payload);

}  // namespace salus::node
