#include "engine/openssl_sha256.h"

#include <openssl/evp.h>

#include <memory>

#include "engine/error.h"
#include "engine/release.h"

namespace salus {
namespace {

// Fetching the algorithm by name costs several times the digest of a short message, so it is done
// once, and each thread keeps a context.
const EVP_MD* fetched_sha256() {
  static EVP_MD* const md = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return md;
}

}  // namespace

Digest openssl_sha256(Bytes bytes) {
  thread_local const std::unique_ptr<EVP_MD_CTX, engine::Release<EVP_MD_CTX_free>> context(
      EVP_MD_CTX_new());
  Digest out;
  if (EVP_DigestInit_ex2(context.get(), fetched_sha256(), nullptr) != 1 ||
      EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) != 1 ||
      EVP_DigestFinal_ex(context.get(), out.data(), nullptr) != 1)
    throw Error(ErrorKind::system, "OpenSSL cannot compute SHA-256");
  return out;
}

Digest openssl_sha256d(Bytes bytes) { return openssl_sha256(openssl_sha256(bytes)); }

}  // namespace salus
