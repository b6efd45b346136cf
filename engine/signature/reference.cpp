#include "engine/signature/reference.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string>

#include "engine/signature/constants.h"
#include "engine/signature/form.h"
#include "engine/signature/openssl_key.h"

namespace salus::engine::signature {
namespace {

using BigNumber = std::unique_ptr<BIGNUM, Release<BN_free>>;
using BigNumberContext = std::unique_ptr<BN_CTX, Release<BN_CTX_free>>;

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
  require_openssl(context && p && y && u && v, "allocate numbers");
  require_openssl(BN_mod_sqr(u.get(), y.get(), p.get(), context.get()) == 1 &&
                      BN_copy(v.get(), u.get()) != nullptr && BN_sub_word(u.get(), 1) == 1 &&
                      BN_mul_word(v.get(), kNumerator) == 1 &&
                      BN_sub_word(v.get(), kDenominator) == 1 &&  // 121665 y^2 - 121666
                      BN_mul_word(v.get(), kDenominator) == 1 &&
                      BN_mod_mul(u.get(), u.get(), v.get(), p.get(), context.get()) == 1,
                  "multiply");
  const int symbol = BN_kronecker(u.get(), p.get(), context.get());
  require_openssl(symbol >= -1, "compute a Legendre symbol");
  return symbol != -1;  // -1 is a square modulo p, so that signs do not matter
}

bool is_accepted(const Item& item) {
  const OwnedKey key = openssl_key(item.algorithm, item.public_key);
  return openssl_accepts(key.get(), item.algorithm,
                         openssl_signature(item.algorithm, item.signature), item.message);
}

Reason verify_ed25519(const Item& item) {
  if (is_accepted(item)) return Reason::valid;
  return is_on_edwards25519(item.public_key) ? Reason::mismatch : Reason::key_not_on_curve;
}

bool is_on_p256(Bytes key) {
  static const OwnedGroup group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  require_openssl(group != nullptr, "open P-256");
  const OwnedPoint point(EC_POINT_new(group.get()));
  require_openssl(point != nullptr, "allocate a point");
  return EC_POINT_oct2point(group.get(), point.get(), key.data(), key.size(), nullptr) == 1;
}

Reason verify_p256(const Item& item) {
  if (!is_on_p256(item.public_key)) return Reason::key_not_on_curve;
  return is_accepted(item) ? Reason::valid : Reason::mismatch;
}

}  // namespace

Reason verify_reference(const Item& item, const Policy& policy) {
  const ClearErrors clear_errors;
  const Reason form = check_form(item, policy);
  if (form != Reason::valid) return form;
  return item.algorithm == Algorithm::ed25519 ? verify_ed25519(item) : verify_p256(item);
}

}  // namespace salus::engine::signature
