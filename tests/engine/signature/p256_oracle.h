// P-256's scalars and points by OpenSSL, and items made to measure from them.
#pragma once

#include <openssl/bn.h>
#include <openssl/ec.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "engine/signature/constants.h"

namespace salus::engine::signature {

/// A number modulo the order n.
class Number {
 public:
  explicit Number(unsigned value);
  /// Reduced modulo n.
  explicit Number(const NumberBytes& big_endian);
  static Number power_of_2(unsigned exponent);
  static Number random();

  [[nodiscard]] const BIGNUM* get() const { return number_.get(); }
  [[nodiscard]] NumberBytes bytes() const;
  /// The least significant word first.
  [[nodiscard]] std::array<std::uint64_t, 4> words() const;
  [[nodiscard]] Number inverse() const;

  friend Number operator+(const Number& a, const Number& b);
  friend Number operator-(const Number& a, const Number& b);
  friend Number operator*(const Number& a, const Number& b);

 private:
  Number();
  std::shared_ptr<BIGNUM> number_;
};

/// A point of P-256.
class EcPoint {
 public:
  static EcPoint base();
  static EcPoint random();
  /// u1 times the base point plus u2 times q.
  static EcPoint combine(const Number& u1, const EcPoint& q, const Number& u2);
  /// The point with this x and an even y, if there is one.
  static std::optional<EcPoint> with_x(const NumberBytes& big_endian);

  [[nodiscard]] bool is_infinity() const;
  /// 0x04 || x || y; not for infinity.
  [[nodiscard]] std::array<std::uint8_t, 65> bytes() const;
  /// x modulo n; not for infinity.
  [[nodiscard]] Number x() const;

  friend EcPoint operator+(const EcPoint& a, const EcPoint& b);

 private:
  EcPoint();
  std::shared_ptr<EC_POINT> point_;
};

}  // namespace salus::engine::signature
