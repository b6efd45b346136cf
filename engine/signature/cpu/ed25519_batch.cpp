#include "engine/signature/cpu/ed25519_batch.h"

#include <algorithm>
#include <array>
#include <vector>

namespace salus::engine::signature::cpu {
namespace {

/// Items in flight: enough to share an inversion among, few enough to stay in the first cache.
constexpr std::size_t kChunk = 256;

void verify_chunk(const Ed25519Variant& variant, std::span<const Item> items,
                  std::span<const std::size_t> indices, Verdicts& verdicts) {
  std::array<ChallengeItem, kChunk> challenge_items{};
  std::array<std::uint64_t[4], kChunk> challenges{};
  std::array<CurveItem, kChunk> curve_items{};
  std::array<Reason, kChunk> reasons{};
  const std::size_t count = indices.size();
  for (std::size_t i = 0; i < count; ++i) {
    const Item& item = items[indices[i]];
    challenge_items[i] = {item.signature.data(), item.public_key.data(), item.message.data(),
                          item.message.size()};
  }
  variant.challenges(challenge_items.data(), count, challenges.data());
  for (std::size_t i = 0; i < count; ++i) {
    const Item& item = items[indices[i]];
    CurveItem& curve_item = curve_items[i];
    curve_item.key = item.public_key.data();
    curve_item.signature = item.signature.data();
    std::ranges::copy(challenges[i], curve_item.k);
  }
  variant.decide(base_table(), curve_items.data(), count, reasons.data());
  for (std::size_t i = 0; i < count; ++i) verdicts.set(indices[i], reasons[i]);
}

}  // namespace

std::span<const Ed25519Variant* const> all_ed25519_variants() {
#if defined(__x86_64__)
  static constexpr std::array<const Ed25519Variant*, 3> kAll = {&kEd25519Ifma, &kEd25519Avx2,
                                                                &kEd25519Portable};
#else
  static constexpr std::array<const Ed25519Variant*, 1> kAll = {&kEd25519Portable};
#endif
  return kAll;
}

const Ed25519Variant& best_ed25519_variant() {
  static const Ed25519Variant& best = **std::ranges::find_if(
      all_ed25519_variants(), [](const Ed25519Variant* variant) { return variant->supported(); });
  return best;
}

const BaseTable& base_table() {
  static const BaseTable& table = *[] {
    static BaseTable storage;
    make_base_table(storage);
    return &storage;
  }();
  return table;
}

const CombTable& base_comb() {
  constexpr int kBits = 10;  // 1.3 MB that all keys share
  static const std::vector<std::uint64_t> rows = [] {
    std::vector<std::uint64_t> made(comb_words(kBits));
    make_base_comb(kBits, made.data());
    return made;
  }();
  static const CombTable table = {rows.data(), kBits};
  return table;
}

void verify_ed25519(const Ed25519Variant& variant, std::span<const Item> items,
                    std::span<std::size_t> indices, Verdicts& verdicts) {
  // Lanes that hash side by side should have about the same length.
  std::ranges::sort(indices, {}, [&](std::size_t i) { return items[i].message.size(); });
  for (std::size_t begin = 0; begin < indices.size(); begin += kChunk)
    verify_chunk(variant, items, indices.subspan(begin, std::min(kChunk, indices.size() - begin)),
                 verdicts);
}

}  // namespace salus::engine::signature::cpu
