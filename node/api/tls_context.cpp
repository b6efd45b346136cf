#include "node/api/tls_context.h"

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>

#include "engine/error.h"

namespace salus::node::api {
namespace {

namespace asio = boost::asio;

constexpr unsigned char kSessionContext[] = "salus";

[[noreturn]] void refuse(const std::string& what, const std::string& file,
                         const boost::system::error_code& error) {
  throw Error(ErrorKind::input, "cannot use " + what + " " + file + ": " + error.message());
}

void load_own_key(asio::ssl::context& context, const TlsOptions& options) {
  boost::system::error_code error;
  context.use_certificate_chain_file(options.certificate_chain, error);
  if (error) refuse("certificate", options.certificate_chain, error);
  // A key with a passphrase is refused: nobody is there to be asked when a node starts.
  context.set_password_callback(
      [](std::size_t, asio::ssl::context::password_purpose) { return std::string(); }, error);
  if (!error) context.use_private_key_file(options.private_key, asio::ssl::context::pem, error);
  if (error) refuse("private key", options.private_key, error);
}

void ask_for_client_certificates(asio::ssl::context& context, const std::string& authority) {
  boost::system::error_code error;
  context.load_verify_file(authority, error);
  if (!error) context.set_verify_mode(asio::ssl::verify_peer, error);
  if (error) refuse("client authority", authority, error);
  SSL_CTX_set_client_CA_list(context.native_handle(), SSL_load_client_CA_file(authority.c_str()));
}

struct Free {
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(unsigned char* text) const { OPENSSL_free(text); }
};

}  // namespace

asio::ssl::context make_tls_context(const TlsOptions& options) {
  asio::ssl::context context(asio::ssl::context::tls_server);
  context.set_options(asio::ssl::context::no_compression | SSL_OP_NO_RENEGOTIATION |
                      SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  // OpenSSL resumes no session that was made with a client's certificate without it.
  SSL_CTX_set_session_id_context(context.native_handle(), kSessionContext,
                                 sizeof kSessionContext - 1);
  load_own_key(context, options);
  if (!options.client_authority.empty())
    ask_for_client_certificates(context, options.client_authority);
  return context;
}

std::string client_name(SSL* connection) {
  const std::unique_ptr<X509, Free> certificate(SSL_get1_peer_certificate(connection));
  if (!certificate || SSL_get_verify_result(connection) != X509_V_OK) return {};
  const X509_NAME* subject = X509_get_subject_name(certificate.get());
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (at < 0 || X509_NAME_get_index_by_NID(subject, NID_commonName, at) >= 0) return {};
  unsigned char* raw = nullptr;
  const int size =
      ASN1_STRING_to_UTF8(&raw, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
  const std::unique_ptr<unsigned char, Free> text(raw);
  if (size <= 0) return {};
  return {reinterpret_cast<const char*>(text.get()), static_cast<std::size_t>(size)};
}

}  // namespace salus::node::api
