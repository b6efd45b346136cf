#include "node/mqtt/tls.h"

#include <openssl/ssl.h>

#include "engine/error.h"
#include "node/statement/plain_text.h"
#include "node/tls/common_names.h"
#include "node/tls/server_context.h"

namespace salus::node::mqtt {
namespace {

namespace ssl = boost::asio::ssl;

constexpr std::size_t kMaxCommonName = 255;

}  // namespace

ssl::context make_tls_context(const ListenerOptions& options) {
  const bool has_authorities = !options.tls->client_authorities.empty();
  if (options.require_client_certificate && !has_authorities)
    throw Error(ErrorKind::usage, "client certificates are required, but no authority is named");
  ssl::context context = tls::make_server_context(*options.tls);
  if (!has_authorities) return context;
  // Sessions are not resumed: each connection shows its certificate.
  SSL_CTX_set_session_cache_mode(context.native_handle(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(context.native_handle(), SSL_OP_NO_TICKET);
  if (options.require_client_certificate)
    context.set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert);
  return context;
}

std::string verified_common_name(const SSL* session) {
  const std::vector<std::string> names = tls::verified_common_names(session);
  if (names.empty() || !is_plain_text(names.front(), kMaxCommonName)) return {};
  return names.front();
}

}  // namespace salus::node::mqtt
