#include "node/mqtt/tls.h"

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>

#include "engine/error.h"
#include "node/statement/plain_text.h"

namespace salus::node::mqtt {
namespace {

namespace ssl = boost::asio::ssl;

constexpr std::size_t kMaxCommonName = 255;

/// Runs a call that takes a file; the error that it throws names the file.
template <typename Use>
void with_file(const std::filesystem::path& file, Use use) {
  boost::system::error_code error;
  use(file.string(), error);
  if (error) throw Error(ErrorKind::input, file.string() + ": " + error.message());
}

struct FreeCertificate {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
struct FreeText {
  void operator()(unsigned char* text) const { OPENSSL_free(text); }
};

}  // namespace

ssl::context make_tls_context(const TlsOptions& options) {
  ssl::context context(ssl::context::tls_server);
  context.set_options(ssl::context::default_workarounds | ssl::context::no_sslv2 |
                      ssl::context::no_sslv3 | ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1 |
                      SSL_OP_NO_RENEGOTIATION);
  with_file(options.certificate_chain, [&](const std::string& file, auto& error) {
    context.use_certificate_chain_file(file, error);
  });
  with_file(options.private_key, [&](const std::string& file, auto& error) {
    context.use_private_key_file(file, ssl::context::pem, error);
  });
  if (options.client_authorities.empty()) {
    if (options.require_client_certificate)
      throw Error(ErrorKind::usage, "client certificates are required, but no authority is named");
    return context;
  }
  with_file(options.client_authorities,
            [&](const std::string& file, auto& error) { context.load_verify_file(file, error); });
  // Sessions are not resumed: each connection shows its certificate.
  SSL_CTX_set_session_cache_mode(context.native_handle(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(context.native_handle(), SSL_OP_NO_TICKET);
  context.set_verify_mode(options.require_client_certificate
                              ? ssl::verify_peer | ssl::verify_fail_if_no_peer_cert
                              : ssl::verify_peer);
  return context;
}

std::string verified_common_name(SSL* session) {
  const std::unique_ptr<X509, FreeCertificate> certificate(SSL_get1_peer_certificate(session));
  if (!certificate || SSL_get_verify_result(session) != X509_V_OK) return {};
  const X509_NAME* subject = X509_get_subject_name(certificate.get());
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (at < 0) return {};
  unsigned char* text = nullptr;
  const int length =
      ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
  if (length < 0) return {};
  const std::unique_ptr<unsigned char, FreeText> owned(text);
  const std::string name(reinterpret_cast<const char*>(text), static_cast<std::size_t>(length));
  return is_plain_text(name, kMaxCommonName) ? name : std::string();
}

}  // namespace salus::node::mqtt
