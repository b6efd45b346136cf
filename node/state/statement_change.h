// What one permitted statement does to the state.
#pragma once

#include <cstdint>
#include <variant>

#include "engine/bytes.h"
#include "node/state/key_record.h"

namespace salus::node {

struct AddKey {
  KeyId id{};
  KeyRecord record;
};

/// `old_id` is known. The new key has its role.
struct ReplaceKey {
  KeyId old_id{};
  KeyId new_id{};
  KeyRecord record;
};

/// The key is known.
struct RevokeKey {
  KeyId id{};
};

struct EraseBody {
  Digest statement{};
};

struct RecordValidator {
  std::uint64_t height = 0;
};

/// Every statement raises its signer's sequence; most do nothing else.
using Effect =
    std::variant<std::monostate, AddKey, ReplaceKey, RevokeKey, EraseBody, RecordValidator>;

struct StatementChange {
  KeyId signer{};
  LastStatement last;
  Effect effect;
};

}  // namespace salus::node
