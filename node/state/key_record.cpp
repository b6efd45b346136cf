#include "node/state/key_record.h"

#include <algorithm>
#include <cassert>

namespace salus::node {

using namespace engine::signature;  // NOLINT: its constants of length

Bytes KeyRecord::public_key() const {
  return Bytes(key_bytes).first(algorithm == Algorithm::ed25519 ? kEd25519KeyBytes : kP256KeyBytes);
}

KeyRecord new_key_record(const PublicKey& key, Role role, std::int64_t registered_at) {
  KeyRecord record;
  record.algorithm = key.algorithm;
  record.role = role;
  record.registered_at = registered_at;
  assert(key.bytes.size() == record.public_key().size());
  std::ranges::copy(key.bytes, record.key_bytes.begin());
  return record;
}

}  // namespace salus::node
