// Who may read what: bearer tokens and client certificates.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/bytes.h"
#include "node/replaceable.h"

namespace salus::node::api {

/// Each may do what those before it may.
enum class ApiRole : std::uint8_t {
  reader,    ///< Bodies of statements, telemetry.
  auditor,   ///< The same; told apart in counters, and for what later needs it.
  operator_  ///< Runs the node.
};

/// "reader", "auditor", "operator".
std::string_view to_string(ApiRole role);
std::optional<ApiRole> api_role_from_name(std::string_view name);

/// A bearer token as the configuration holds it: not the token itself, so that who reads the file
/// cannot use it. Tokens are random (128 bits at least), so that a bare hash cannot be searched.
struct TokenGrant {
  Digest token_sha256{};
  ApiRole role = ApiRole::reader;
};

/// A client certificate, by the common name of its subject; whoever signed it is in
/// `ServerFiles::client_authorities`.
struct CertificateGrant {
  std::string common_name;
  ApiRole role = ApiRole::reader;
};

struct AccessOptions {
  std::vector<TokenGrant> tokens;
  std::vector<CertificateGrant> certificates;
};

/// What a request shows of its sender.
struct Credentials {
  std::string_view authorization;     ///< The header's value; empty where there is none.
  std::string_view certificate_name;  ///< Of a verified client certificate; empty: none.
};

/// Thread safe.
class AccessList {
 public:
  explicit AccessList(AccessOptions options);

  /// The highest role that the credentials give. The time that it takes does not depend on how much
  /// of a token is right, nor on which one.
  [[nodiscard]] std::optional<ApiRole> role_of(const Credentials& credentials) const;

  /// From now on these tokens give roles, and no others.
  void set_tokens(std::vector<TokenGrant> tokens);

 private:
  using Tokens = std::vector<TokenGrant>;

  const std::vector<CertificateGrant> certificates_;
  Replaceable<const Tokens> tokens_;
};

/// Longest token that is looked at.
inline constexpr std::size_t kMaxTokenBytes = 512;

}  // namespace salus::node::api
