#include "tests/engine/signature/hostile_items.h"

#include <sodium.h>

#include <utility>

#include "engine/signature/constants.h"

namespace salus::engine::signature {
namespace {

/// The 14 encodings of points whose order divides 8: every y that has one modulo p and is below
/// 2^255, with either sign.
std::vector<NumberBytes> small_order_encodings() {
  std::vector<NumberBytes> all(kEd25519SmallOrderY.begin(), kEd25519SmallOrderY.end());
  all.push_back(kEd25519Prime);  // 0
  all.push_back(kEd25519Prime);  // 1
  ++all.back()[0];
  const std::size_t count = all.size();
  for (std::size_t i = 0; i < count; ++i) {
    all.push_back(all[i]);
    all.back()[31] |= 0x80;
  }
  return all;
}

std::vector<std::uint8_t> concat(const NumberBytes& a, const NumberBytes& b) {
  std::vector<std::uint8_t> out(a.begin(), a.end());
  out.insert(out.end(), b.begin(), b.end());
  return out;
}

NumberBytes random_scalar() {
  NumberBytes scalar;
  crypto_core_ed25519_scalar_random(scalar.data());
  return scalar;
}

NumberBytes base_times(const NumberBytes& scalar) {
  NumberBytes point;
  if (crypto_scalarmult_ed25519_base_noclamp(point.data(), scalar.data()) != 0) point = {};
  return point;
}

NumberBytes sum(const NumberBytes& a, const NumberBytes& b) {
  NumberBytes out;
  if (crypto_core_ed25519_add(out.data(), a.data(), b.data()) != 0) out = {};
  return out;
}

/// A signature made of parts: S = r + k a, for R and A that need not be r B and a B.
OwnedItem sign_with(const NumberBytes& a, const NumberBytes& r, const NumberBytes& key,
                    const NumberBytes& commitment, std::vector<std::uint8_t> message) {
  crypto_hash_sha512_state state;
  std::uint8_t hash[crypto_hash_sha512_BYTES];
  crypto_hash_sha512_init(&state);
  crypto_hash_sha512_update(&state, commitment.data(), commitment.size());
  crypto_hash_sha512_update(&state, key.data(), key.size());
  crypto_hash_sha512_update(&state, message.data(), message.size());
  crypto_hash_sha512_final(&state, hash);
  NumberBytes k;
  NumberBytes s;
  crypto_core_ed25519_scalar_reduce(k.data(), hash);
  crypto_core_ed25519_scalar_mul(s.data(), k.data(), a.data());
  crypto_core_ed25519_scalar_add(s.data(), s.data(), r.data());
  return {Algorithm::ed25519, {key.begin(), key.end()}, std::move(message), concat(commitment, s)};
}

}  // namespace

std::vector<OwnedItem> small_order_items() {
  const auto encodings = small_order_encodings();
  const NumberBytes one{1};
  std::vector<OwnedItem> items;
  for (const auto& key : encodings)
    for (const auto& r : encodings)
      for (const NumberBytes& s : {NumberBytes{}, one, kEd25519Order, random_scalar()})
        for (std::uint8_t message = 0; message < 4; ++message)
          items.push_back({Algorithm::ed25519, {key.begin(), key.end()}, {message}, concat(r, s)});
  return items;
}

std::vector<OwnedItem> one_small_order_part_items() {
  std::vector<OwnedItem> items;
  for (const auto& small : small_order_encodings()) {
    for (std::uint8_t message = 0; message < 8; ++message) {
      const NumberBytes a = random_scalar();
      const NumberBytes r = random_scalar();
      items.push_back(sign_with(a, {}, base_times(a), small, {message}));
      items.push_back(sign_with({}, r, small, base_times(r), {message}));
    }
  }
  return items;
}

std::vector<OwnedItem> mixed_order_items() {
  std::vector<OwnedItem> items;
  for (const auto& t : small_order_encodings()) {
    for (const auto& u : small_order_encodings()) {
      const NumberBytes a = random_scalar();
      const NumberBytes r = random_scalar();
      items.push_back(sign_with(a, r, sum(base_times(a), t), sum(base_times(r), u), {}));
    }
  }
  return items;
}

std::vector<OwnedItem> one_bit_changed_items(std::mt19937_64& random) {
  std::vector<OwnedItem> items;
  const OwnedItem good = sign(Algorithm::ed25519, random, random_bytes(random, 33));
  for (auto part : {&OwnedItem::key, &OwnedItem::message, &OwnedItem::signature}) {
    for (std::size_t bit = 0; bit < (good.*part).size() * 8; ++bit) {
      items.push_back(good);
      (items.back().*part)[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    }
  }
  return items;
}

std::vector<OwnedItem> mixed_items(std::mt19937_64& random, std::size_t count) {
  std::vector<OwnedItem> items;
  for (std::size_t i = 0; i < count; ++i) {
    OwnedItem item = sign(Algorithm::ed25519, random, random_bytes(random, i % 300));
    if (i % 5 == 1) item.key = random_bytes(random, item.key.size());
    if (i % 5 == 2) item.signature = random_bytes(random, item.signature.size());
    if (i % 5 == 3) std::swap(item.signature, items.back().signature);
    items.push_back(std::move(item));
  }
  return items;
}

}  // namespace salus::engine::signature
