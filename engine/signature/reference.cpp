#include "engine/signature/reference.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

#include "engine/error.h"
#include "engine/signature/constants.h"
#include "engine/signature/form.h"

namespace salus::engine::signature {
namespace {

template <auto Free>
struct Release {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Release<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX_free>>;
using BigNumber = std::unique_ptr<BIGNUM, Release<BN_free>>;
using BigNumberContext = std::unique_ptr<BN_CTX, Release<BN_CTX_free>>;
using Group = std::unique_ptr<EC_GROUP, Release<EC_GROUP_free>>;
using Point = std::unique_ptr<EC_POINT, Release<EC_POINT_free>>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, Release<ECDSA_SIG_free>>;

void require(bool success, const char* what) {
  if (!success) throw Error(ErrorKind::system, std::string("OpenSSL cannot ") + what);
}

/// Leaves OpenSSL's error queue of this thread as empty as it should be: a refused signature is a
/// verdict, not an error.
struct ClearErrors {
  ClearErrors() = default;
  ~ClearErrors() { ERR_clear_error(); }
  ClearErrors(const ClearErrors&) = delete;
  ClearErrors& operator=(const ClearErrors&) = delete;
};

/// One-shot verification; `digest` is null for Ed25519, which hashes by itself.
bool digest_verify(EVP_PKEY* key, const char* digest, Bytes signature, Bytes message) {
  const DigestContext context(EVP_MD_CTX_new());
  require(context && EVP_DigestVerifyInit_ex(context.get(), nullptr, digest, nullptr, nullptr, key,
                                             nullptr) == 1,
          "start a verification");
  return EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(),
                          message.size()) == 1;
}

/// Whether some x goes with the key's y: (y^2 - 1) / (d y^2 + 1) is a square modulo p, which for
/// d = -121665/121666 is so when (y^2 - 1) (121666 - 121665 y^2) 121666 is one (or zero).
bool is_on_edwards25519(Bytes key) {
  constexpr BN_ULONG kNumerator = 121665;
  constexpr BN_ULONG kDenominator = 121666;
  std::array<std::uint8_t, 32> y_bytes;
  std::ranges::copy(key, y_bytes.begin());
  y_bytes[31] &= 0x7f;

  const BigNumberContext context(BN_CTX_new());
  const BigNumber p(BN_lebin2bn(kEd25519Prime.data(), kEd25519Prime.size(), nullptr));
  const BigNumber y(BN_lebin2bn(y_bytes.data(), y_bytes.size(), nullptr));
  const BigNumber u(BN_new());
  const BigNumber v(BN_new());
  require(context && p && y && u && v, "allocate numbers");
  require(BN_mod_sqr(u.get(), y.get(), p.get(), context.get()) == 1 &&
              BN_copy(v.get(), u.get()) != nullptr && BN_sub_word(u.get(), 1) == 1 &&
              BN_mul_word(v.get(), kNumerator) == 1 &&
              BN_sub_word(v.get(), kDenominator) == 1 &&  // 121665 y^2 - 121666
              BN_mul_word(v.get(), kDenominator) == 1 &&
              BN_mod_mul(u.get(), u.get(), v.get(), p.get(), context.get()) == 1,
          "multiply");
  const int symbol = BN_kronecker(u.get(), p.get(), context.get());
  require(symbol >= -1, "compute a Legendre symbol");
  return symbol != -1;  // -1 is a square modulo p, so that signs do not matter
}

Reason verify_ed25519(const Item& item) {
  const Key key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, item.public_key.data(),
                                            item.public_key.size()));
  require(key != nullptr, "take an Ed25519 key");
  if (digest_verify(key.get(), nullptr, item.signature, item.message)) return Reason::valid;
  return is_on_edwards25519(item.public_key) ? Reason::mismatch : Reason::key_not_on_curve;
}

bool is_on_p256(Bytes key) {
  static const Group group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  require(group != nullptr, "open P-256");
  const Point point(EC_POINT_new(group.get()));
  require(point != nullptr, "allocate a point");
  return EC_POINT_oct2point(group.get(), point.get(), key.data(), key.size(), nullptr) == 1;
}

Key p256_key(Bytes point) {
  std::string group = SN_X9_62_prime256v1;
  std::vector<std::uint8_t> bytes(point.begin(), point.end());
  const std::array parameters = {
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), 0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, bytes.data(), bytes.size()),
      OSSL_PARAM_construct_end()};
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* key = nullptr;
  require(context && EVP_PKEY_fromdata_init(context.get()) == 1 &&
              EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY,
                                const_cast<OSSL_PARAM*>(parameters.data())) == 1,
          "take a P-256 key");
  return Key(key);
}

/// r || s as the DER that OpenSSL's interface wants.
std::vector<std::uint8_t> to_der(Bytes signature) {
  const EcdsaSignature pair(ECDSA_SIG_new());
  BigNumber r(BN_bin2bn(signature.data(), 32, nullptr));
  BigNumber s(BN_bin2bn(signature.data() + 32, 32, nullptr));
  require(pair && r && s && ECDSA_SIG_set0(pair.get(), r.get(), s.get()) == 1, "take a signature");
  // The pair owns both numbers now.
  static_cast<void>(r.release());
  static_cast<void>(s.release());
  const int size = i2d_ECDSA_SIG(pair.get(), nullptr);
  require(size > 0, "encode a signature");
  std::vector<std::uint8_t> der(static_cast<std::size_t>(size));
  std::uint8_t* end = der.data();
  require(i2d_ECDSA_SIG(pair.get(), &end) == size, "encode a signature");
  return der;
}

Reason verify_p256(const Item& item) {
  if (!is_on_p256(item.public_key)) return Reason::key_not_on_curve;
  const Key key = p256_key(item.public_key);
  return digest_verify(key.get(), "SHA256", to_der(item.signature), item.message)
             ? Reason::valid
             : Reason::mismatch;
}

}  // namespace

Reason verify_reference(const Item& item, const Policy& policy) {
  const ClearErrors clear_errors;
  const Reason form = check_form(item, policy);
  if (form != Reason::valid) return form;
  return item.algorithm == Algorithm::ed25519 ? verify_ed25519(item) : verify_p256(item);
}

}  // namespace salus::engine::signature
