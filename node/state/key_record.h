// What the chain's state knows of one key.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "engine/bytes.h"
#include "engine/signature/public_key.h"
#include "node/statement/key_registration.h"
#include "node/statement/statement.h"

namespace salus::node {

enum class KeyStatus : std::uint8_t {
  active,
  replaced,  ///< By rotation; `replaced_by` names the new key.
  revoked,
};

/// The last statement that a key has signed.
struct LastStatement {
  std::uint64_t sequence = 0;
  Digest id{};

  friend bool operator==(const LastStatement&, const LastStatement&) = default;
};

struct KeyRecord {
  Algorithm algorithm = Algorithm::ed25519;
  Role role = Role::device;
  KeyStatus status = KeyStatus::active;
  /// As `engine::signature::Item` takes it; `public_key` cuts it to the algorithm's length, and
  /// what is behind that is zero.
  std::array<std::uint8_t, engine::signature::kP256KeyBytes> key_bytes{};
  /// When the statement that registered the key says that it was issued: seconds since 1970 UTC.
  /// Not the block's time, which comes later: a key may sign as soon as its registration is taken
  /// in.
  std::int64_t registered_at = 0;
  std::optional<KeyId> replaced_by;
  std::optional<LastStatement> last;  ///< Nothing until the key has signed.

  [[nodiscard]] bool is_active() const { return status == KeyStatus::active; }
  /// View of this record.
  [[nodiscard]] Bytes public_key() const;

  friend bool operator==(const KeyRecord&, const KeyRecord&) = default;
};

/// The record of a key that has just been registered. `key.bytes` have the algorithm's length.
KeyRecord new_key_record(const engine::signature::PublicKey& key, Role role,
                         std::int64_t registered_at);

}  // namespace salus::node
