#include "node/api/tls_context.h"

#include <openssl/ssl.h>

#include "node/tls/common_names.h"
#include "node/tls/server_context.h"

namespace salus::node::api {
namespace {

constexpr unsigned char kSessionContext[] = "salus";

}  // namespace

boost::asio::ssl::context make_tls_context(const tls::ServerFiles& files) {
  boost::asio::ssl::context context = tls::make_server_context(files);
  context.set_options(SSL_OP_CIPHER_SERVER_PREFERENCE);
  // OpenSSL resumes no session that was made with a client's certificate without it.
  SSL_CTX_set_session_id_context(context.native_handle(), kSessionContext,
                                 sizeof kSessionContext - 1);
  if (!files.client_authorities.empty())  // clients are told whose certificates are welcome
    SSL_CTX_set_client_CA_list(context.native_handle(),
                               SSL_load_client_CA_file(files.client_authorities.c_str()));
  return context;
}

std::string client_name(const SSL* connection) {
  const std::vector<std::string> names = tls::verified_common_names(connection);
  return names.size() == 1 ? names.front() : std::string();
}

}  // namespace salus::node::api
