// The payload that makes a key known: application/vnd.salus.key-registration+cbor.
//
//   {1: COSE_Key, 2: role, ? 3: name}        docs/formats.md
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "node/statement/key_id.h"
#include "node/statement/role.h"

namespace salus::node {

inline constexpr std::size_t kMaxKeyNameBytes = 255;

struct KeyRegistration {
  PublicKey key;
  Role role = Role::device;
  std::string name;  ///< For people; may be empty.

  friend bool operator==(const KeyRegistration&, const KeyRegistration&) = default;
};

std::vector<std::uint8_t> encode(const KeyRegistration& registration);

/// Nothing when the payload is not exactly what `encode` writes. Whether the key is a point on its
/// curve is left to the verifier, which accepts no signature when it is none.
std::optional<KeyRegistration> decode_key_registration(Bytes payload);

}  // namespace salus::node
