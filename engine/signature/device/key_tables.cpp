#include "engine/signature/device/key_tables.h"

#include <algorithm>

#include "kernels/gpu/signature_batch.h"

namespace salus::engine::signature::device {
namespace {

/// Keys that are looked up at once: what is asked of the memory for them must find room in a cache.
constexpr std::size_t kLookedUpAtOnce = 256;

std::uint32_t table_of(const CachedKey& key) {
  return static_cast<std::uint32_t>(key.offset / SALUS_TABLE_UNIT);
}

}  // namespace

void KeyTables::add(std::span<const KeyView> keys) {
  const TableStage::AtOnce at_once(stage_);
  cache_.add(keys);
}

SortedItems KeyTables::sort(const PublicKeyCache::Reader& reader, std::span<const Item> items) {
  SortedItems sorted;
  sorted.keys.resize(items.size());
  std::vector<KeyView> views;
  for (const Item& item : items) views.push_back({item.algorithm, item.public_key});
  for (std::size_t begin = 0; begin < items.size(); begin += kLookedUpAtOnce) {
    const std::size_t count = std::min(kLookedUpAtOnce, items.size() - begin);
    cache_.find(reader, std::span(views).subspan(begin, count),
                std::span(sorted.keys).subspan(begin, count));
  }
  stage_.store_staged();  // what was found among it
  for (std::size_t i = 0; i < items.size(); ++i) {
    const CachedKey& key = sorted.keys[i];
    sorted.at({items[i].algorithm, key.size})
        .push_back({static_cast<std::uint32_t>(i), table_of(key)});
  }
  return sorted;
}

void KeyTables::count_valid(std::span<const Item> items, const SortedItems& sorted,
                            std::span<const Reason> reasons) {
  for (const Algorithm algorithm : {Algorithm::ed25519, Algorithm::p256})
    for (const Entry& entry : sorted.at({algorithm, TableSize::none}))
      if (reasons[entry.item] == Reason::valid)
        cache_.count_valid({algorithm, items[entry.item].public_key}, sorted.keys[entry.item]);
}

}  // namespace salus::engine::signature::device
