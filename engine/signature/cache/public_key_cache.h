// Comb tables of public keys that come back.
//
// A key starts unknown. Valid signatures by it are counted in a sketch of fixed size; once there
// were enough for a table to pay, one is made by a thread of the cache's own: a small one first,
// and a large one for the keys that are used most. All tables together stay within a number of
// bytes: what comes more often drives out what comes more rarely, and a flood of keys that come
// once each drives out nothing.
//
// The cache decides about keys and places; the tables are a TableMaker's, in host memory or in that
// of a device.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <random>
#include <span>
#include <thread>
#include <vector>

#include "engine/signature/cache/key_counter.h"
#include "engine/signature/cache/key_index.h"
#include "engine/signature/cache/reader_epochs.h"
#include "engine/signature/cache/table_slots.h"
#include "engine/signature/signature.h"

namespace salus::engine::signature {

/// What tables of one kind cost and save, in the same unit of time for all kinds.
struct TableCost {
  std::uint64_t bytes = 0;  ///< Of a table; 0 where there are none of this kind.
  double making = 0;        ///< To make one.
  double gain = 0;          ///< What one use saves against the next smaller size, or against none.
};

/// Makes tables, in the memory that holds them. `make` is called by one thread at a time.
class TableMaker {
 public:
  virtual ~TableMaker() = default;

  [[nodiscard]] virtual TableCost cost(TableKind kind) const = 0;

  /// Fills the table at offsets[i] for keys[i], each of the kind's algorithm and its length.
  /// Returns for each whether the key is a point at all; where it is none, the table is of no use.
  /// Throws `Error` (device) when it cannot, and is not called again then.
  virtual std::vector<bool> make(TableKind kind, std::span<const Bytes> keys,
                                 std::span<const std::uint64_t> offsets) = 0;
};

/// What the cache knows of a key.
struct CachedKey {
  std::uint64_t hash = 0;
  TableSize size = TableSize::none;  ///< `none`: it has no table.
  std::uint64_t offset = 0;          ///< Of the table in the maker's memory.
};

/// Thread safe. Looking up waits for nobody.
class PublicKeyCache {
 public:
  /// Tables take up to `bytes` of the maker's memory, from offset 0 on; 0 keeps none. The maker
  /// outlives the cache.
  PublicKeyCache(TableMaker& maker, std::uint64_t bytes);
  ~PublicKeyCache();
  PublicKeyCache(const PublicKeyCache&) = delete;
  PublicKeyCache& operator=(const PublicKeyCache&) = delete;

  /// An evicted table, which gives its place back when it goes.
  struct Evicted {
    Evicted(TableSlots& slots, std::unique_ptr<KeyTable> table);
    Evicted(Evicted&&) noexcept = default;
    Evicted& operator=(Evicted&&) = delete;
    ~Evicted();

    TableSlots* slots;
    std::unique_ptr<KeyTable> table;  // null once moved from
  };
  using Reader = ReaderEpochs<Evicted>::Reader;

  /// Tables found with a reader stay as they are while it lives. Nothing is freed meanwhile, so
  /// that it should not live long.
  [[nodiscard]] Reader enter() { return epochs_.enter(); }

  /// Looks keys up, each of its algorithm's length, and counts uses. Sizes agree.
  void find(const Reader& reader, std::span<const KeyView> keys, std::span<CachedKey> found);

  /// Counts a valid signature by a key for which `find` had no table. Signatures that are not valid
  /// are not counted: what nobody signed costs no table.
  void count_valid(const KeyView& key, const CachedKey& found);

  /// Makes tables on the calling thread: large ones if all keys find room with them, or else small
  /// ones. Bytes that are no key are passed over.
  void add(std::span<const KeyView> keys);

  /// Waits until every table asked for so far is made or refused.
  void wait_until_idle();

  struct Contents {
    std::uint64_t small_tables = 0;
    std::uint64_t large_tables = 0;
    std::uint64_t bytes = 0;
  };
  [[nodiscard]] Contents contents();

 private:
  /// A key that asks for a table.
  struct Candidate {
    Candidate(const KeyView& view, TableSize wanted, std::uint64_t hash, std::uint32_t uses);
    [[nodiscard]] KeyView view() const;

    std::array<std::uint8_t, kP256KeyBytes> key{};
    TableKind kind;
    std::uint64_t hash;
    std::uint32_t uses;
  };
  using Candidates = std::vector<Candidate>;

  [[nodiscard]] std::uint32_t uses_of(const KeyTable& table) const;
  void count_use(KeyTable& table);
  void count_sightings(std::uint64_t count);
  void ask(Candidate candidate);
  [[nodiscard]] double uses_that_pay(TableKind kind) const;

  // On the thread that makes tables; from make_tables on with making_ held.
  void make_until_stopped();
  void make_tables(Candidates candidates);
  void keep_wanted(Candidates& candidates) const;
  void place_and_make(Candidates& candidates);
  void make_some(TableKind kind, std::span<const Candidate> candidates,
                 std::span<const std::uint64_t> offsets);
  std::size_t evict_for(const Candidate& candidate);
  bool evict_chunk(TableKind kind, double uses);
  [[nodiscard]] KeyTable* coldest(TableKind kind);
  [[nodiscard]] double uses_of_chunk(std::size_t chunk) const;
  void evict(KeyTable& table);

  TableMaker& maker_;
  TableSlots slots_;
  KeyIndex index_;
  KeyCounter counter_;
  ReaderEpochs<Evicted> epochs_;  // goes before the slots, which evicted tables give places back to

  const std::uint64_t sightings_a_period_;
  std::atomic<std::uint64_t> sightings_ = 0;
  std::atomic<std::uint64_t> period_ = 1;

  std::mutex making_;  // one thread at a time makes tables
  std::mt19937_64 random_;

  std::mutex mutex_;  // of what follows
  std::condition_variable asked_;
  std::condition_variable idle_;
  Candidates pending_;
  bool is_making_ = false;
  bool is_stopping_ = false;
  bool is_broken_ = false;  // the maker has failed
  std::thread thread_;
};

}  // namespace salus::engine::signature
