#include "tests/engine/signature/hostile_p256_items.h"

#include <openssl/sha.h>

#include <algorithm>
#include <utility>

#include "engine/signature/constants.h"

namespace salus::engine::signature {
namespace {

Hash sha256(const std::vector<std::uint8_t>& message) {
  Hash hash;
  SHA256(message.data(), message.size(), hash.data());
  return hash;
}

/// A valid item with this commitment and s.
OwnedItem item_for(const EcPoint& commitment, const Number& s, std::vector<std::uint8_t> message) {
  const auto key = key_for(commitment, Number(sha256(message)), s).bytes();
  return {Algorithm::p256,
          {key.begin(), key.end()},
          std::move(message),
          concat(commitment.x().bytes(), s.bytes())};
}

/// A valid item with the scalars u1 and u2 = v / d under the secret d, for u1 + v that is not 0.
OwnedItem item_of_parts(const Number& u1, const Number& v, std::vector<std::uint8_t> message) {
  const Number nonce = u1 + v;
  const Number r = EcPoint::combine(nonce, EcPoint::base(), Number(0)).x();
  const Number e(sha256(message));
  const Number secret = v * e * (r * u1).inverse();
  const auto key = EcPoint::combine(secret, EcPoint::base(), Number(0)).bytes();
  return {Algorithm::p256,
          {key.begin(), key.end()},
          std::move(message),
          concat(r.bytes(), ((e + r * secret) * nonce.inverse()).bytes())};
}

/// Points whose x is the first ones from `x` on, upwards or downwards.
std::vector<EcPoint> points_from(NumberBytes x, int step, std::size_t count) {
  std::vector<EcPoint> points;
  while (points.size() < count) {
    if (const auto point = EcPoint::with_x(x)) points.push_back(*point);
    x[31] = static_cast<std::uint8_t>(x[31] + step);
  }
  return points;
}

}  // namespace

EcPoint key_for(const EcPoint& commitment, const Number& e, const Number& s) {
  const Number r_inverse = commitment.x().inverse();
  return EcPoint::combine(Number(0) - e * r_inverse, commitment, s * r_inverse);
}

std::optional<NumberBytes> plus_order(const NumberBytes& a) {
  NumberBytes out;
  unsigned carry = 0;
  for (std::size_t i = 32; i-- > 0;) {
    carry += static_cast<unsigned>(a[i]) + kP256Order[i];
    out[i] = static_cast<std::uint8_t>(carry);
    carry >>= 8;
  }
  if (carry != 0) return std::nullopt;
  return out;
}

std::vector<std::uint8_t> concat(const NumberBytes& a, const NumberBytes& b) {
  std::vector<std::uint8_t> out(a.begin(), a.end());
  out.insert(out.end(), b.begin(), b.end());
  return out;
}

std::vector<OwnedItem> p256_x_above_order_items(std::mt19937_64& random) {
  NumberBytes below_prime = kP256Prime;
  below_prime[31] -= 1;
  std::vector<OwnedItem> items;
  for (const auto& [x, step] : {std::pair{kP256Order, 1}, {below_prime, -1}}) {
    for (const EcPoint& commitment : points_from(x, step, 6))
      items.push_back(item_for(commitment, Number::random(), random_bytes(random, 20)));
  }
  return items;
}

std::vector<OwnedItem> p256_commitments_at_the_ends(std::mt19937_64& random) {
  NumberBytes one{};
  one[31] = 1;
  NumberBytes last = kP256Order;
  last[31] -= 1;
  const NumberBytes prime_less_order = [] {
    NumberBytes out{};
    const std::uint8_t low[] = {0x43, 0x19, 0x05, 0x53, 0x58, 0xe8, 0x61, 0x7b,
                                0x0c, 0x46, 0x35, 0x3d, 0x03, 0x9c, 0xda, 0xae};
    std::ranges::copy(low, out.begin() + 16);
    return out;
  }();
  std::vector<OwnedItem> items;
  for (const auto& [x, step] :
       {std::pair{one, 1}, {last, -1}, {prime_less_order, 1}, {prime_less_order, -1}})
    for (const EcPoint& commitment : points_from(x, step, 4))
      for (const Number& s :
           {Number(1), Number(2), Number(0) - Number(1), Number(kP256HalfOrder), Number::random()})
        items.push_back(item_for(commitment, s, random_bytes(random, 30)));
  return items;
}

std::vector<OwnedItem> p256_keys_that_are_multiples_of_the_base(std::mt19937_64& random) {
  std::vector<OwnedItem> items;
  for (unsigned d = 1; d <= 40; ++d) {
    for (const Number& secret : {Number(d), Number(0) - Number(d), Number::power_of_2(5 * d)}) {
      const auto key = EcPoint::combine(secret, EcPoint::base(), Number(0)).bytes();
      OwnedItem item{Algorithm::p256, {key.begin(), key.end()}, random_bytes(random, d), {}};
      const Number nonce = d % 2 == 0 ? Number(d) : Number::random();
      const Number r = EcPoint::combine(nonce, EcPoint::base(), Number(0)).x();
      const Number s = (Number(sha256(item.message)) + r * secret) * nonce.inverse();
      item.signature = concat(r.bytes(), s.bytes());
      items.push_back(item);
    }
  }
  return items;
}

std::vector<OwnedItem> p256_sums_that_meet_rows(std::mt19937_64& random) {
  const auto odd_below = [&random](unsigned bits) {
    return Number((static_cast<unsigned>(random()) & ((1U << bits) - 1)) | 1U);
  };
  std::vector<OwnedItem> items;
  for (unsigned window = 0; window < 22; ++window) {
    const Number shift = Number::power_of_2(10 * window);
    const Number low = window == 0 ? Number(0) : odd_below(std::min(10 * window, 30U));
    const Number digit = odd_below(10);
    const Number u1 = low + shift * (digit + Number(1024) * odd_below(20));
    items.push_back(item_of_parts(u1, digit * shift - low, random_bytes(random, window)));
    items.push_back(item_of_parts(u1, Number(0) - digit * shift - low, {}));
    const Number lowest = odd_below(10);
    const Number odd = lowest + Number(1024) * odd_below(20);
    items.push_back(item_of_parts(odd, lowest + lowest - odd, {}));
  }
  return items;
}

std::vector<OwnedItem> p256_sums_that_are_infinity(std::mt19937_64& random) {
  std::vector<OwnedItem> items;
  for (unsigned d = 1; d <= 20; ++d) {
    const Number secret = d % 2 == 0 ? Number(d) : Number::random();
    const auto key = EcPoint::combine(secret, EcPoint::base(), Number(0)).bytes();
    OwnedItem item{Algorithm::p256, {key.begin(), key.end()}, random_bytes(random, d), {}};
    const Number r = (Number(0) - Number(sha256(item.message))) * secret.inverse();
    item.signature = concat(r.bytes(), Number::random().bytes());
    items.push_back(item);
  }
  return items;
}

}  // namespace salus::engine::signature
