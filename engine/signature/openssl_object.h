// Owners of OpenSSL's objects, and its error queue kept clean.
#pragma once

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

#include "engine/error.h"
#include "engine/release.h"

namespace salus::engine::signature {

/// Throws `Error` (system) that OpenSSL cannot do `what` unless it did.
inline void require_openssl(bool success, const char* what) {
  if (!success) throw Error(ErrorKind::system, std::string("OpenSSL cannot ") + what);
}

using OwnedKey = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using OwnedDigestContext = std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX_free>>;
using OwnedGroup = std::unique_ptr<EC_GROUP, Release<EC_GROUP_free>>;
using OwnedPoint = std::unique_ptr<EC_POINT, Release<EC_POINT_free>>;
using OwnedCertificate = std::unique_ptr<X509, Release<X509_free>>;
using OwnedBio = std::unique_ptr<BIO, Release<BIO_free_all>>;

/// Leaves OpenSSL's error queue of this thread as empty as it should be: bytes that are refused are
/// an answer, not an error of OpenSSL's.
struct ClearErrors {
  ClearErrors() = default;
  ~ClearErrors() { ERR_clear_error(); }
  ClearErrors(const ClearErrors&) = delete;
  ClearErrors& operator=(const ClearErrors&) = delete;
};

}  // namespace salus::engine::signature
