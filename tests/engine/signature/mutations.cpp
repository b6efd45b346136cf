#include "tests/engine/signature/mutations.h"

#include <algorithm>
#include <span>

#include "engine/signature/constants.h"

namespace salus::engine::signature {
namespace {

using Bytes32 = std::span<std::uint8_t, 32>;

/// number += addend modulo 2^256, both least or both most significant byte first.
void add_number(Bytes32 number, const NumberBytes& addend, bool big_endian) {
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    const std::size_t at = big_endian ? 31 - i : i;
    carry += static_cast<unsigned>(number[at]) + addend[at];
    number[at] = static_cast<std::uint8_t>(carry);
    carry >>= 8;
  }
}

/// number = order - number; big-endian.
void negate(Bytes32 number) {
  for (auto& byte : number) byte = static_cast<std::uint8_t>(~byte);
  NumberBytes one{};
  one[31] = 1;
  add_number(number, one, true);
  add_number(number, kP256Order, true);
}

class Mutator {
 public:
  /// Starts from that many signatures, by a key each.
  Mutator(Algorithm algorithm, std::size_t signatures, std::uint64_t seed)
      : is_ed25519_(algorithm == Algorithm::ed25519), random_(seed) {
    for (std::size_t i = 0; i < signatures; ++i)
      good_.push_back(sign(algorithm, random_, random_bytes(random_, i)));
  }

  OwnedItem make() {
    OwnedItem item = any_good();
    switch (random_() % 14) {
      case 0: flip_bit(item.key); break;
      case 1: flip_bit(item.message); break;
      case 2: flip_bit(std::span(item.signature).first(32)); break;
      case 3: flip_bit(std::span(item.signature).last(32)); break;
      case 4: item.signature = any_good().signature; break;
      case 5: item.key = any_good().key; break;
      case 6: shorten(item.message); break;
      case 7: shorten(random_() % 2 == 0 ? item.key : item.signature); break;
      case 8: add_order(item); break;
      case 9: add_prime_to_key(item); break;
      case 10: (random_() % 2 == 0 ? item.key : item.signature) = random_bytes(random_, 64); break;
      case 11: other_half(item); break;
      default: break;
    }
    return item;
  }

 private:
  const OwnedItem& any_good() { return good_[random_() % good_.size()]; }

  void flip_bit(std::span<std::uint8_t> bytes) {
    if (!bytes.empty())
      bytes[random_() % bytes.size()] ^= static_cast<std::uint8_t>(1U << random_() % 8);
  }

  void shorten(std::vector<std::uint8_t>& bytes) {
    if (!bytes.empty()) bytes.resize(random_() % bytes.size());
  }

  /// S + L, or r + n or s + n: the same number modulo the order.
  void add_order(OwnedItem& item) {
    const std::span<std::uint8_t, 64> signature(item.signature.data(), 64);
    if (is_ed25519_)
      add_number(signature.last<32>(), kEd25519Order, false);
    else if (random_() % 2 == 0)
      add_number(signature.first<32>(), kP256Order, true);
    else
      add_number(signature.last<32>(), kP256Order, true);
  }

  /// Coordinates of p and above, where they fit.
  void add_prime_to_key(OwnedItem& item) {
    const std::size_t at = is_ed25519_ ? 0 : random_() % 2 == 0 ? 1 : 33;
    const Bytes32 coordinate(&item.key[at], 32);
    if (random_() % 2 == 0) {  // small ones fit after the addition
      const std::size_t most_significant = is_ed25519_ ? 1 : 0;
      std::ranges::fill(std::span(coordinate).subspan(most_significant, 31), std::uint8_t{0});
    }
    add_number(coordinate, is_ed25519_ ? kEd25519Prime : kP256Prime, !is_ed25519_);
  }

  /// P-256: the other s of the two that are valid. Ed25519: the other x of R.
  void other_half(OwnedItem& item) {
    if (is_ed25519_)
      item.signature[31] ^= 0x80;
    else
      negate(Bytes32(&item.signature[32], 32));
  }

  bool is_ed25519_;
  std::mt19937_64 random_;
  std::vector<OwnedItem> good_;
};

}  // namespace

std::vector<OwnedItem> mutated_items(Algorithm algorithm, std::size_t count, std::uint64_t seed) {
  constexpr std::size_t kItemsPerKey = 100;  // so that keys come back
  Mutator mutator(algorithm, count / kItemsPerKey + 1, seed);
  std::vector<OwnedItem> items;
  items.reserve(count);
  for (std::size_t i = 0; i < count; ++i) items.push_back(mutator.make());
  return items;
}

}  // namespace salus::engine::signature
