#include "engine/signature/cpu/p256_batch.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "engine/cpu/lane_hasher.h"

namespace salus::engine::signature::cpu {
namespace {

/// Items in flight: enough to share inversions among, few enough to stay in the caches.
constexpr std::size_t kChunk = 256;

void verify_chunk(const P256Variant& variant, std::span<const Item> items,
                  std::span<const std::size_t> indices, Verdicts& verdicts) {
  static const LaneHasher hasher;
  std::array<Bytes, kChunk> messages;
  std::array<Digest, kChunk> hashes;
  std::array<P256SignedHash, kChunk> signed_hashes{};
  std::array<P256Scalars, kChunk> scalars{};
  std::array<P256CurveItem, kChunk> curve_items{};
  std::array<Reason, kChunk> reasons{};
  const std::size_t count = indices.size();
  for (std::size_t i = 0; i < count; ++i) messages[i] = items[indices[i]].message;
  hasher.hash_many(MessageView::scattered(std::span(messages).first(count)), std::nullopt,
                   std::span(hashes).first(count));
  for (std::size_t i = 0; i < count; ++i)
    signed_hashes[i] = {items[indices[i]].signature.data(), hashes[i].data()};
  variant.scalars(signed_hashes.data(), count, scalars.data());
  for (std::size_t i = 0; i < count; ++i)
    curve_items[i] = {items[indices[i]].public_key.data(), scalars[i]};
  variant.decide(p256_base_comb(), curve_items.data(), count, reasons.data());
  for (std::size_t i = 0; i < count; ++i) verdicts.set(indices[i], reasons[i]);
}

}  // namespace

std::span<const P256Variant* const> all_p256_variants() {
#if defined(__x86_64__)
  static constexpr std::array<const P256Variant*, 2> kAll = {&kP256Ifma, &kP256Portable};
#else
  static constexpr std::array<const P256Variant*, 1> kAll = {&kP256Portable};
#endif
  return kAll;
}

const P256Variant& best_p256_variant() {
  static const P256Variant& best = **std::ranges::find_if(
      all_p256_variants(), [](const P256Variant* variant) { return variant->supported(); });
  return best;
}

const P256Comb& p256_base_comb() {
  static const std::vector<std::uint64_t> rows = [] {
    std::vector<std::uint64_t> made(p256_comb_words(kP256BaseBits));  // 0.9 MB
    make_p256_base_comb(kP256BaseBits, made.data());
    return made;
  }();
  static const P256Comb table = {rows.data(), kP256BaseBits};
  return table;
}

void verify_p256(const P256Variant& variant, std::span<const Item> items,
                 std::span<std::size_t> indices, Verdicts& verdicts) {
  // Lanes that hash side by side should have about the same length.
  std::ranges::sort(indices, {}, [&](std::size_t i) { return items[i].message.size(); });
  for (std::size_t begin = 0; begin < indices.size(); begin += kChunk)
    verify_chunk(variant, items, indices.subspan(begin, std::min(kChunk, indices.size() - begin)),
                 verdicts);
}

}  // namespace salus::engine::signature::cpu
