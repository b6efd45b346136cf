#include "engine/signature/cpu/verifier.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "engine/cpu/cpu_info.h"
#include "engine/signature/cpu/scheme.h"

namespace salus::engine::signature::cpu {
namespace {

/// By default: enough for tens of thousands of devices on a server, and little beside what else it
/// does.
constexpr std::uint64_t kMemoryShare = 16;
constexpr std::uint64_t kMostDefaultBytes = std::uint64_t{8} << 30;

std::uint64_t default_cache_bytes() {
  return std::min(engine::cpu::usable_memory() / kMemoryShare, kMostDefaultBytes);
}

/// Items of one algorithm, at most kItemsAtOnce, in the order of their messages' length, and where
/// their verdicts go.
struct Part {
  std::span<const Item* const> items;
  std::span<Reason* const> out;
};

template <class Scheme>
class PartVerifier {
 public:
  PartVerifier(const Scheme& scheme, PublicKeyCache& cache, const HostTables& tables)
      : scheme_(scheme), cache_(cache), tables_(tables) {}

  void verify(const Part& part) {
    // Hashed first, because a reader of the cache should be short-lived and messages may be long.
    scheme_.prepare(part.items, prepared_.data());
    for (std::size_t i = 0; i < part.items.size(); ++i)
      keys_[i] = {part.items[i]->algorithm, part.items[i]->public_key};
    {
      const PublicKeyCache::Reader reader = cache_.enter();
      cache_.find(reader, std::span(keys_).first(part.items.size()), cached_);
      for (const TableSize size : {TableSize::large, TableSize::small, TableSize::none})
        decide(part, size);
    }
    for (std::size_t i = 0; i < part.items.size(); ++i)
      if (cached_[i].size == TableSize::none && *part.out[i] == Reason::valid)
        cache_.count_valid(keys_[i], cached_[i]);
  }

 private:
  using Prepared = typename Scheme::Prepared;

  /// Decides the items whose keys have tables of this size.
  void decide(const Part& part, TableSize size) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < part.items.size(); ++i) {
      if (cached_[i].size != size) continue;
      places_[count] = i;
      group_[count] = prepared_[i];
      if (size != TableSize::none) group_tables_[count] = tables_.table(cached_[i].offset);
      ++count;
    }
    if (count == 0) return;
    const std::span<const Prepared> group = std::span(group_).first(count);
    if (size == TableSize::none)
      scheme_.decide(group, reasons_.data());
    else
      scheme_.decide_by_tables(window_bits(size), group, group_tables_.data(), reasons_.data());
    for (std::size_t i = 0; i < count; ++i) *part.out[places_[i]] = reasons_[i];
  }

  const Scheme& scheme_;
  PublicKeyCache& cache_;
  const HostTables& tables_;
  std::array<Prepared, kItemsAtOnce> prepared_;
  std::array<KeyView, kItemsAtOnce> keys_;
  std::array<CachedKey, kItemsAtOnce> cached_;
  // Of one decision:
  std::array<std::size_t, kItemsAtOnce> places_;
  std::array<Prepared, kItemsAtOnce> group_;
  std::array<const std::uint64_t*, kItemsAtOnce> group_tables_;
  std::array<Reason, kItemsAtOnce> reasons_;
};

/// Verifies those of the items, at most kItemsAtOnce, that are of this algorithm.
template <class Scheme>
void verify_algorithm(Algorithm algorithm, const Scheme& scheme, PublicKeyCache& cache,
                      const HostTables& tables, std::span<const Item> items,
                      std::span<Reason> out) {
  std::array<const Item*, kItemsAtOnce> sorted;
  std::array<Reason*, kItemsAtOnce> places;
  std::size_t count = 0;
  for (const Item& item : items)
    if (item.algorithm == algorithm) sorted[count++] = &item;
  if (count == 0) return;
  // Lanes that hash side by side should have about the same length.
  const auto length = [](const Item* item) { return item->message.size(); };
  const std::span<const Item*> all(sorted.data(), count);
  if (!std::ranges::is_sorted(all, {}, length)) std::ranges::sort(all, {}, length);
  for (std::size_t i = 0; i < count; ++i)
    places[i] = &out[static_cast<std::size_t>(sorted[i] - items.data())];
  PartVerifier<Scheme> verifier(scheme, cache, tables);
  verifier.verify({all, std::span(places).first(count)});
}

}  // namespace

Verifier::Verifier(const CpuOptions& options, std::optional<std::uint64_t> key_cache_bytes)
    : choice_(choose_for_verifying(options.verify_variant)),
      sha256_(options),
      tables_(choice_, key_cache_bytes.value_or(default_cache_bytes())),
      cache_(tables_, tables_.bytes()) {}

void Verifier::verify(std::span<const Item> items, std::span<Reason> out) {
  assert(out.size() == items.size());
  while (!items.empty()) {
    const std::size_t count = std::min(items.size(), kItemsAtOnce);
    const std::span<const Item> some = items.first(count);
    verify_algorithm(Algorithm::ed25519, Ed25519Scheme{choice_}, cache_, tables_, some, out);
    verify_algorithm(Algorithm::p256, P256Scheme{choice_, sha256_}, cache_, tables_, some, out);
    items = items.subspan(count);
    out = out.subspan(count);
  }
}

}  // namespace salus::engine::signature::cpu
