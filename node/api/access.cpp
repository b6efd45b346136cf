#include "node/api/access.h"

#include <openssl/crypto.h>

#include <cstdlib>
#include <utility>

#include "engine/openssl_sha256.h"
#include "node/api/text.h"

namespace salus::node::api {
namespace {

constexpr std::string_view kScheme = "bearer";

/// The token of "Bearer TOKEN" (RFC 6750, 2.1); empty where it is something else.
std::string_view bearer_token(std::string_view authorization) {
  if (authorization.size() <= kScheme.size() || authorization[kScheme.size()] != ' ') return {};
  if (!equals_ignoring_case(authorization.substr(0, kScheme.size()), kScheme)) return {};
  const std::string_view token = trimmed(authorization.substr(kScheme.size()));
  return token.size() <= kMaxTokenBytes ? token : std::string_view{};
}

void raise(std::optional<ApiRole>& role, ApiRole to) {
  if (!role || *role < to) role = to;
}

}  // namespace

std::string_view to_string(ApiRole role) {
  switch (role) {
    case ApiRole::reader: return "reader";
    case ApiRole::auditor: return "auditor";
    case ApiRole::operator_: return "operator";
  }
  std::abort();  // not one of them: a number cast by mistake
}

std::optional<ApiRole> api_role_from_name(std::string_view name) {
  for (const ApiRole role : {ApiRole::reader, ApiRole::auditor, ApiRole::operator_})
    if (name == to_string(role)) return role;
  return std::nullopt;
}

AccessList::AccessList(AccessOptions options) : certificates_(std::move(options.certificates)) {
  set_tokens(std::move(options.tokens));
}

void AccessList::set_tokens(std::vector<TokenGrant> tokens) {
  tokens_.set(std::make_shared<const Tokens>(std::move(tokens)));
}

std::optional<ApiRole> AccessList::role_of(const Credentials& credentials) const {
  std::optional<ApiRole> role;
  if (const std::string_view token = bearer_token(credentials.authorization); !token.empty()) {
    const Digest hash = openssl_sha256(as_bytes(token));
    const std::shared_ptr<const Tokens> tokens = tokens_.get();
    for (const TokenGrant& grant : *tokens)  // all of them, whichever it is
      if (CRYPTO_memcmp(hash.data(), grant.token_sha256.data(), hash.size()) == 0)
        raise(role, grant.role);
  }
  if (!credentials.certificate_name.empty())
    for (const CertificateGrant& grant : certificates_)
      if (grant.common_name == credentials.certificate_name) raise(role, grant.role);
  return role;
}

}  // namespace salus::node::api
