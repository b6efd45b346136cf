#include "tests/engine/signature/p256_oracle.h"

#include <openssl/obj_mac.h>

#include <algorithm>
#include <stdexcept>

namespace salus::engine::signature {
namespace {

void require(bool success) {
  if (!success) throw std::runtime_error("OpenSSL cannot compute");
}

const EC_GROUP* group() {
  static const std::unique_ptr<EC_GROUP, decltype(&EC_GROUP_free)> group(
      EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1), EC_GROUP_free);
  return group.get();
}

const BIGNUM* order() { return EC_GROUP_get0_order(group()); }

BN_CTX* context() {
  thread_local const std::unique_ptr<BN_CTX, decltype(&BN_CTX_free)> context(BN_CTX_new(),
                                                                             BN_CTX_free);
  return context.get();
}

}  // namespace

Number::Number() : number_(BN_new(), BN_free) { require(number_ != nullptr); }

Number::Number(unsigned value) : Number() { require(BN_set_word(number_.get(), value) == 1); }

Number::Number(const NumberBytes& big_endian) : Number() {
  require(BN_bin2bn(big_endian.data(), static_cast<int>(big_endian.size()), number_.get()) &&
          BN_nnmod(number_.get(), number_.get(), order(), context()) == 1);
}

Number Number::power_of_2(unsigned exponent) {
  Number r;
  require(BN_set_bit(r.number_.get(), static_cast<int>(exponent)) == 1);
  return r;
}

Number Number::random() {
  Number r;
  require(BN_rand_range(r.number_.get(), order()) == 1);
  return r;
}

NumberBytes Number::bytes() const {
  NumberBytes out;
  require(BN_bn2binpad(get(), out.data(), static_cast<int>(out.size())) > 0);
  return out;
}

std::array<std::uint64_t, 4> Number::words() const {
  std::array<std::uint64_t, 4> out{};
  require(BN_bn2lebinpad(get(), reinterpret_cast<unsigned char*>(out.data()), 32) > 0);
  return out;
}

Number Number::inverse() const {
  Number r;
  require(BN_mod_inverse(r.number_.get(), get(), order(), context()) != nullptr);
  return r;
}

Number operator+(const Number& a, const Number& b) {
  Number r;
  require(BN_mod_add(r.number_.get(), a.get(), b.get(), order(), context()) == 1);
  return r;
}

Number operator-(const Number& a, const Number& b) {
  Number r;
  require(BN_mod_sub(r.number_.get(), a.get(), b.get(), order(), context()) == 1);
  return r;
}

Number operator*(const Number& a, const Number& b) {
  Number r;
  require(BN_mod_mul(r.number_.get(), a.get(), b.get(), order(), context()) == 1);
  return r;
}

EcPoint::EcPoint() : point_(EC_POINT_new(group()), EC_POINT_free) { require(point_ != nullptr); }

EcPoint EcPoint::base() {
  EcPoint r;
  require(EC_POINT_copy(r.point_.get(), EC_GROUP_get0_generator(group())) == 1);
  return r;
}

EcPoint EcPoint::random() { return combine(Number::random(), base(), Number(0)); }

EcPoint EcPoint::combine(const Number& u1, const EcPoint& q, const Number& u2) {
  EcPoint r;
  require(EC_POINT_mul(group(), r.point_.get(), u1.get(), q.point_.get(), u2.get(), context()) ==
          1);
  return r;
}

std::optional<EcPoint> EcPoint::with_x(const NumberBytes& big_endian) {
  std::array<std::uint8_t, 33> compressed = {0x02};
  std::ranges::copy(big_endian, compressed.begin() + 1);
  EcPoint r;
  if (EC_POINT_oct2point(group(), r.point_.get(), compressed.data(), compressed.size(),
                         context()) != 1)
    return std::nullopt;
  return r;
}

bool EcPoint::is_infinity() const { return EC_POINT_is_at_infinity(group(), point_.get()) == 1; }

std::array<std::uint8_t, 65> EcPoint::bytes() const {
  std::array<std::uint8_t, 65> out;
  require(EC_POINT_point2oct(group(), point_.get(), POINT_CONVERSION_UNCOMPRESSED, out.data(),
                             out.size(), context()) == out.size());
  return out;
}

Number EcPoint::x() const {
  NumberBytes x;
  std::ranges::copy_n(bytes().begin() + 1, 32, x.begin());
  return Number(x);
}

EcPoint operator+(const EcPoint& a, const EcPoint& b) {
  EcPoint r;
  require(EC_POINT_add(group(), r.point_.get(), a.point_.get(), b.point_.get(), context()) == 1);
  return r;
}

}  // namespace salus::engine::signature
