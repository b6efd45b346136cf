#include "node/mqtt/authenticator.h"

#include <openssl/crypto.h>

#include "engine/openssl_sha256.h"

namespace salus::node::mqtt {

std::optional<std::string> PasswordAuthenticator::principal(const Login& login) const {
  if (!login.username) {
    if (login.certificate_name.empty()) return std::nullopt;
    return "certificate:" + std::string(login.certificate_name);
  }
  if (!login.password) return std::nullopt;
  const Digest name = openssl_sha256(as_bytes(*login.username));
  const Digest digest = openssl_sha256(*login.password);
  int is_known = 0;
  for (const User& user : users_) {
    const Digest user_name = openssl_sha256(as_bytes(user.name));
    const int differs = CRYPTO_memcmp(name.data(), user_name.data(), name.size()) |
                        CRYPTO_memcmp(digest.data(), user.password_digest.data(), digest.size());
    is_known |= static_cast<int>(differs == 0);
  }
  if (is_known == 0) return std::nullopt;
  return "user:" + std::string(*login.username);
}

}  // namespace salus::node::mqtt
