#include "engine/signature/openssl_key.h"

#include <openssl/core_names.h>
#include <openssl/param_build.h>

#include <array>
#include <string>
#include <vector>

namespace salus::engine::signature {
namespace {

using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Release<EVP_PKEY_CTX_free>>;
using BigNumber = std::unique_ptr<BIGNUM, Release<BN_free>>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, Release<ECDSA_SIG_free>>;

OwnedKey p256_key(Bytes point) {
  std::string group = SN_X9_62_prime256v1;
  std::vector<std::uint8_t> bytes(point.begin(), point.end());
  const std::array parameters = {
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), 0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, bytes.data(), bytes.size()),
      OSSL_PARAM_construct_end()};
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* key = nullptr;
  require_openssl(context && EVP_PKEY_fromdata_init(context.get()) == 1 &&
                      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY,
                                        const_cast<OSSL_PARAM*>(parameters.data())) == 1,
                  "take a P-256 key");
  return OwnedKey(key);
}

/// r || s as the DER that OpenSSL's interface wants.
std::vector<std::uint8_t> to_der(Bytes signature) {
  const EcdsaSignature pair(ECDSA_SIG_new());
  BigNumber r(BN_bin2bn(signature.data(), 32, nullptr));
  BigNumber s(BN_bin2bn(signature.data() + 32, 32, nullptr));
  require_openssl(pair && r && s && ECDSA_SIG_set0(pair.get(), r.get(), s.get()) == 1,
                  "take a signature");
  // The pair owns both numbers now.
  static_cast<void>(r.release());
  static_cast<void>(s.release());
  const int size = i2d_ECDSA_SIG(pair.get(), nullptr);
  require_openssl(size > 0, "encode a signature");
  std::vector<std::uint8_t> der(static_cast<std::size_t>(size));
  std::uint8_t* end = der.data();
  require_openssl(i2d_ECDSA_SIG(pair.get(), &end) == size, "encode a signature");
  return der;
}

}  // namespace

OwnedKey openssl_key(Algorithm algorithm, Bytes bytes) {
  if (algorithm == Algorithm::p256) return p256_key(bytes);
  OwnedKey key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes.data(), bytes.size()));
  require_openssl(key != nullptr, "take an Ed25519 key");
  return key;
}

std::vector<std::uint8_t> openssl_signature(Algorithm algorithm, Bytes signature) {
  if (algorithm == Algorithm::p256) return to_der(signature);
  return {signature.begin(), signature.end()};
}

bool openssl_accepts(EVP_PKEY* key, Algorithm algorithm, Bytes signature, Bytes message) {
  // Ed25519 hashes by itself.
  const char* const digest = algorithm == Algorithm::p256 ? "SHA256" : nullptr;
  const OwnedDigestContext context(EVP_MD_CTX_new());
  require_openssl(context && EVP_DigestVerifyInit_ex(context.get(), nullptr, digest, nullptr,
                                                     nullptr, key, nullptr) == 1,
                  "start a verification");
  return EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(),
                          message.size()) == 1;
}

}  // namespace salus::engine::signature
