// Which keys have comb tables in a device's memory, and the items that are decided with them.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "engine/signature/cache/public_key_cache.h"
#include "engine/signature/device/batch.h"
#include "engine/signature/device/table_stage.h"

namespace salus::engine::signature::device {

/// The kernels that decide an item: for tables of this kind, or of size `none` for any key.
using Path = TableKind;
inline constexpr std::array<Path, 6> kPaths = {{{Algorithm::ed25519, TableSize::none},
                                                {Algorithm::ed25519, TableSize::small},
                                                {Algorithm::ed25519, TableSize::large},
                                                {Algorithm::p256, TableSize::none},
                                                {Algorithm::p256, TableSize::small},
                                                {Algorithm::p256, TableSize::large}}};

/// A call's items by the kernels that decide them.
class SortedItems {
 public:
  [[nodiscard]] std::vector<Entry>& at(Path path) { return entries_[index(path)]; }
  [[nodiscard]] const std::vector<Entry>& at(Path path) const { return entries_[index(path)]; }

  /// What the cache knows of each item's key, in the order of the call.
  std::vector<CachedKey> keys;

 private:
  static constexpr std::size_t index(Path path) {
    return 3 * static_cast<std::size_t>(path.algorithm) + static_cast<std::size_t>(path.size);
  }

  std::array<std::vector<Entry>, kPaths.size()> entries_;
};

/// Keys with tables in the memory of one device: the same cache as the CPU's, with tables of both
/// algorithms and of two sizes within one number of bytes. One thread at a time, the one that the
/// device works for.
class KeyTables {
 public:
  /// Tables take up at most `bytes`, from offset 0 on; 0 keeps none.
  KeyTables(std::uint64_t bytes, StoreTable store)
      : stage_(std::move(store)), cache_(stage_, bytes) {}

  /// Makes tables for these keys and stores them. While no kernel reads tables, and no reader is
  /// entered.
  void add(std::span<const KeyView> keys);

  /// Tables that are found stay where they are while the reader lives: until their kernels are
  /// done.
  [[nodiscard]] PublicKeyCache::Reader enter() { return cache_.enter(); }

  /// Looks up the key of each item, all of the right form. Stores tables that have been made since
  /// the last call, so that no kernel may read tables meanwhile.
  [[nodiscard]] SortedItems sort(const PublicKeyCache::Reader& reader, std::span<const Item> items);

  /// Counts keys without a table whose signatures turned out valid; they may be given one. After
  /// the reader has left.
  void count_valid(std::span<const Item> items, const SortedItems& sorted,
                   std::span<const Reason> reasons);

  [[nodiscard]] PublicKeyCache& cache() { return cache_; }

 private:
  TableStage stage_;
  PublicKeyCache cache_;  // its thread ends before the stage goes
};

}  // namespace salus::engine::signature::device
