#include "node/tls/common_names.h"

#include <openssl/x509.h>

#include <memory>

#include "engine/signature/openssl_object.h"

namespace salus::node::tls {
namespace {

using engine::signature::OwnedCertificate;

struct FreeText {
  void operator()(unsigned char* text) const { OPENSSL_free(text); }
};

/// Empty for what is no text.
std::string text_of(const ASN1_STRING* value) {
  unsigned char* text = nullptr;
  const int length = ASN1_STRING_to_UTF8(&text, value);
  if (length < 0) return {};
  const std::unique_ptr<unsigned char, FreeText> owned(text);
  return {reinterpret_cast<const char*>(text), static_cast<std::size_t>(length)};
}

}  // namespace

std::vector<std::string> verified_common_names(const SSL* connection) {
  std::vector<std::string> names;
  const OwnedCertificate certificate(SSL_get1_peer_certificate(connection));
  if (!certificate || SSL_get_verify_result(connection) != X509_V_OK) return names;
  const X509_NAME* subject = X509_get_subject_name(certificate.get());
  for (int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1); at >= 0;
       at = X509_NAME_get_index_by_NID(subject, NID_commonName, at))
    names.push_back(text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at))));
  return names;
}

}  // namespace salus::node::tls
