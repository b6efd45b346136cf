// Tables of keys, found by key.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/signature/cache/table_slots.h"
#include "engine/signature/signature.h"

namespace salus::engine::signature {

/// A key that has a table. Readers change nothing but `uses` and `asked_in`.
struct KeyTable {
  KeyTable(const KeyView& view, TableSize size, std::uint64_t its_hash, std::uint64_t its_offset);

  [[nodiscard]] bool is_of(const KeyView& view) const;

  std::uint64_t hash;
  std::uint64_t offset;
  TableKind kind;
  std::array<std::uint8_t, kP256KeyBytes> key{};
  std::atomic<KeyTable*> next = nullptr;  // in its bucket

  // On a line of their own, because readers on many cores write them.
  alignas(64) std::atomic<std::uint64_t> uses = 0;  // the period in which, and how many since
  std::atomic<std::uint64_t> asked_in = 0;          // the period that last asked for a larger table
};

/// A hash table with chains. One writer at a time; readers find their way at any time without
/// waiting, as long as what is unlinked is kept until they have left (ReaderEpochs).
class KeyIndex {
 public:
  /// For at most `tables` tables, in chunks as TableSlots has them.
  KeyIndex(std::uint64_t tables, std::size_t chunks);

  /// Keyed, so that nobody can choose keys that share a bucket.
  [[nodiscard]] std::uint64_t hash_of(const KeyView& key) const;

  /// Asks the memory for what `find` reads first, and then for what it reads next.
  void prefetch_bucket(std::uint64_t hash) const { __builtin_prefetch(&bucket(hash)); }
  void prefetch_table(std::uint64_t hash) const {
    __builtin_prefetch(bucket(hash).load(std::memory_order_relaxed));
  }

  [[nodiscard]] KeyTable* find(const KeyView& key, std::uint64_t hash) const;

  void link(std::unique_ptr<KeyTable> table, std::size_t chunk);
  /// No reader that comes now finds it any more.
  std::unique_ptr<KeyTable> unlink(KeyTable& table, std::size_t chunk);

  using Tables = std::vector<std::unique_ptr<KeyTable>>;
  /// For the writer.
  [[nodiscard]] const Tables& chunk(std::size_t index) const { return chunks_[index]; }
  [[nodiscard]] std::size_t chunk_count() const { return chunks_.size(); }

 private:
  using Bucket = std::atomic<KeyTable*>;
  [[nodiscard]] const Bucket& bucket(std::uint64_t hash) const {
    return buckets_[hash & (buckets_.size() - 1)];
  }

  std::array<std::uint64_t, 9> seeds_;
  std::vector<Bucket> buckets_;
  std::vector<Tables> chunks_;
};

}  // namespace salus::engine::signature
