#include "node/statement/key_id.h"

#include <algorithm>

#include "engine/openssl_sha256.h"
#include "engine/signature/cose_key.h"

namespace salus::node {

Digest key_thumbprint(const PublicKey& key) {
  return openssl_sha256(engine::signature::encode_cose_key(key));
}

KeyId key_id(const PublicKey& key) {
  const Digest thumbprint = key_thumbprint(key);
  KeyId id;
  std::copy_n(thumbprint.begin(), id.size(), id.begin());
  return id;
}

std::optional<KeyId> key_id_from_hex(std::string_view hex) {
  const auto bytes = from_hex(hex);
  if (!bytes || bytes->size() != KeyId().size()) return std::nullopt;
  KeyId id;
  std::ranges::copy(*bytes, id.begin());
  return id;
}

}  // namespace salus::node
