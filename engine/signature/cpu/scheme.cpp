#include "engine/signature/cpu/scheme.h"

#include <algorithm>

#include "engine/signature/cpu/ed25519_challenge.h"

namespace salus::engine::signature::cpu {
namespace {

/// The variant for this many items.
template <class AnyVariant>
const AnyVariant& variant_for(const Variants<AnyVariant>& variants, std::size_t count) {
  return count == 1 ? *variants.single : *variants.many;
}

}  // namespace

void Ed25519Scheme::prepare(std::span<const Item* const> items, Prepared* out) const {
  std::array<ChallengeItem, kItemsAtOnce> challenges;
  std::array<std::uint64_t[4], kItemsAtOnce> k;
  for (std::size_t i = 0; i < items.size(); ++i)
    challenges[i] = {items[i]->signature.data(), items[i]->public_key.data(),
                     items[i]->message.data(), items[i]->message.size()};
  make_challenges(choice, std::span(challenges).first(items.size()), k.data());
  for (std::size_t i = 0; i < items.size(); ++i) {
    out[i].item = items[i];
    std::ranges::copy(k[i], out[i].k);
  }
}

void Ed25519Scheme::decide(std::span<const Prepared> items, Reason* out) const {
  std::array<CurveItem, kItemsAtOnce> curve_items;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Prepared& one = items[i];
    curve_items[i].key = one.item->public_key.data();
    curve_items[i].signature = one.item->signature.data();
    std::ranges::copy(one.k, curve_items[i].k);
  }
  variant_for(choice.ed25519, items.size())
      .decide(base_table(), curve_items.data(), items.size(), out);
}

void Ed25519Scheme::decide_by_tables(int bits, std::span<const Prepared> items,
                                     const std::uint64_t* const tables[], Reason* out) const {
  std::array<RegisteredItem, kItemsAtOnce> registered;
  for (std::size_t i = 0; i < items.size(); ++i) {
    registered[i].table = tables[i];
    registered[i].signature = items[i].item->signature.data();
    std::ranges::copy(items[i].k, registered[i].k);
  }
  variant_for(choice.ed25519, items.size())
      .decide_registered(base_comb(), bits, registered.data(), items.size(), out);
}

void P256Scheme::prepare(std::span<const Item* const> items, Prepared* out) const {
  std::array<Bytes, kItemsAtOnce> messages;
  std::array<Digest, kItemsAtOnce> hashes;
  std::array<P256SignedHash, kItemsAtOnce> signed_hashes;
  std::array<P256Scalars, kItemsAtOnce> scalars;
  for (std::size_t i = 0; i < items.size(); ++i) messages[i] = items[i]->message;
  sha256.hash_many(MessageView::scattered(std::span(messages).first(items.size())), std::nullopt,
                   std::span(hashes).first(items.size()));
  for (std::size_t i = 0; i < items.size(); ++i)
    signed_hashes[i] = {items[i]->signature.data(), hashes[i].data()};
  variant_for(choice.p256, items.size())
      .scalars(signed_hashes.data(), items.size(), scalars.data());
  for (std::size_t i = 0; i < items.size(); ++i) out[i] = {items[i], scalars[i]};
}

void P256Scheme::decide(std::span<const Prepared> items, Reason* out) const {
  std::array<P256CurveItem, kItemsAtOnce> curve_items;
  for (std::size_t i = 0; i < items.size(); ++i)
    curve_items[i] = {items[i].item->public_key.data(), items[i].scalars};
  variant_for(choice.p256, items.size())
      .decide(p256_base_comb(), curve_items.data(), items.size(), out);
}

void P256Scheme::decide_by_tables(int bits, std::span<const Prepared> items,
                                  const std::uint64_t* const tables[], Reason* out) const {
  std::array<P256RegisteredItem, kItemsAtOnce> registered;
  for (std::size_t i = 0; i < items.size(); ++i) registered[i] = {tables[i], items[i].scalars};
  variant_for(choice.p256, items.size())
      .decide_registered(p256_base_comb(), bits, registered.data(), items.size(), out);
}

}  // namespace salus::engine::signature::cpu
