// Who may connect. Statements are signed, so that this guards the node's capacity and the clients'
// names, not the truth of what is said.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/bytes.h"

namespace salus::node::mqtt {

/// What a client offers.
struct Login {
  std::string_view client_id;  ///< Empty where the listener is to make one.
  std::optional<std::string_view> username;
  std::optional<Bytes> password;
  /// Common name of the client's certificate, which TLS has verified; empty where there is none.
  std::string_view certificate_name;
};

/// Called from the listener's threads, several at a time; must not block.
class Authenticator {
 public:
  Authenticator() = default;
  virtual ~Authenticator() = default;
  Authenticator(const Authenticator&) = delete;
  Authenticator& operator=(const Authenticator&) = delete;

  /// Whom the client is known as, or nothing when it may not connect. A client id that is in use
  /// can be taken over by the same principal only.
  [[nodiscard]] virtual std::optional<std::string> principal(const Login& login) const = 0;
};

/// Users with passwords. A verified certificate, where there is one and no user name is given, is
/// enough, too.
///
/// Only SHA-256 digests are kept, and every user's is compared in constant time whatever the name
/// is. A digest without a slow password hash is for passwords that a machine made
/// (`openssl rand -base64 32`), not for those that a person remembers.
class PasswordAuthenticator final : public Authenticator {
 public:
  struct User {
    std::string name;
    Digest password_digest;  ///< SHA-256 of the password's bytes.
  };
  explicit PasswordAuthenticator(std::vector<User> users) : users_(std::move(users)) {}

  /// "user:<name>" or "certificate:<common name>".
  [[nodiscard]] std::optional<std::string> principal(const Login& login) const override;

 private:
  std::vector<User> users_;
};

}  // namespace salus::node::mqtt
