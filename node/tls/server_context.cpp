#include "node/tls/server_context.h"

#include <openssl/ssl.h>

#include <string>

#include "engine/error.h"

namespace salus::node::tls {
namespace {

namespace ssl = boost::asio::ssl;
using std::filesystem::path;

[[noreturn]] void refuse(const char* what, const path& file, const std::string& why) {
  throw Error(ErrorKind::input,
              std::string("cannot use the ") + what + ' ' + file.string() + ": " + why);
}

/// Runs a call that takes a file.
template <typename Use>
void with_file(const char* what, const path& file, Use use) {
  boost::system::error_code error;
  use(file.string(), error);
  if (error) refuse(what, file, error.message());
}

/// OpenSSL would ask on the terminal for the passphrase of an encrypted key.
void load_private_key(ssl::context& context, const path& file) {
  bool is_encrypted = false;
  boost::system::error_code error;
  context.set_password_callback(
      [&is_encrypted](std::size_t, ssl::context::password_purpose) {
        is_encrypted = true;
        return std::string();
      },
      error);
  if (!error) context.use_private_key_file(file.string(), ssl::context::pem, error);
  if (is_encrypted) refuse("TLS key", file, "it is encrypted, and nobody can be asked");
  if (error) refuse("TLS key", file, error.message());
  // What was captured above is about to go.
  context.set_password_callback(
      [](std::size_t, ssl::context::password_purpose) { return std::string(); });
}

}  // namespace

ssl::context make_server_context(const ServerFiles& files) {
  ssl::context context(ssl::context::tls_server);
  context.set_options(ssl::context::default_workarounds | ssl::context::no_compression |
                      SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  with_file("TLS certificate", files.certificate_chain, [&](const std::string& file, auto& error) {
    context.use_certificate_chain_file(file, error);
  });
  load_private_key(context, files.private_key);
  if (files.client_authorities.empty()) return context;
  with_file("client authority", files.client_authorities,
            [&](const std::string& file, auto& error) { context.load_verify_file(file, error); });
  context.set_verify_mode(ssl::verify_peer);
  return context;
}

}  // namespace salus::node::tls
