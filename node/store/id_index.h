// Where a statement is, by its id: an index that is built behind the chain.
//
// Ids are random, and random keys are the dear ones. So `commit` writes ids in the order of the
// chain (column `statement-ids`), and this index keeps (first 8 bytes of the id, position) of the
// newest ones in sorted lists in memory. When there are enough, a thread sorts them into one file,
// which RocksDB takes in as it is. After a crash the lists are made again from the column.
//
// An entry is only a hint: a lookup compares the whole id at that position. So entries of blocks
// that were disconnected do no harm, and need not be removed.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "engine/bytes.h"
#include "node/store/database.h"
#include "node/store/position.h"

namespace salus::node {

/// `add`, `lower` from one thread at a time; `find` from any.
class IdIndex {
 public:
  /// `folder` is for files that are being made. Loads what is not in runs yet, up to and with
  /// `tip`.
  IdIndex(Database& database, std::filesystem::path folder, std::size_t ids_per_run,
          std::optional<Height> tip);
  IdIndex(const IdIndex&) = delete;
  IdIndex& operator=(const IdIndex&) = delete;

  /// After the commit of a block. Waits while two runs wait already. Throws what made the last run
  /// fail.
  void add(Height height, std::span<const Digest> ids);
  /// Before the batch that disconnects the block at `height` is written: puts into it that the
  /// index is behind from there on. The lock that it returns is to be held until the batch is
  /// written.
  [[nodiscard]] std::unique_lock<std::mutex> lower(Height height, rocksdb::WriteBatch& batch);

  /// The positions that may hold the id.
  [[nodiscard]] std::vector<Position> candidates(const Digest& id) const;

  [[nodiscard]] std::size_t in_memory() const;
  [[nodiscard]] Height behind_from() const;

 private:
  struct Entry {
    std::uint64_t prefix = 0;
    Position at;
    friend auto operator<=>(const Entry&, const Entry&) = default;
  };
  /// Sorted lists, each at most half as long as the one before it: adding costs log n, a lookup
  /// log^2 n.
  using Lists = std::vector<std::vector<Entry>>;

  static std::uint64_t prefix_of(const Digest& id);
  static void add_list(Lists& lists, std::vector<Entry> list);
  static void find_in(const Lists& lists, std::uint64_t prefix, std::vector<Position>& found);
  void load(Height from, Height tip);
  void build_runs(const std::stop_token& stop);
  void write_run(Lists lists);
  void seal();

  Database& database_;
  std::filesystem::path folder_;
  std::size_t ids_per_run_;

  mutable std::mutex mutex_;  ///< Of all that follows.
  std::condition_variable_any changed_;
  Lists active_;
  std::size_t active_ids_ = 0;
  Height active_end_ = 0;  ///< One above the last height that was added.
  Lists sealed_;           ///< Becomes the next run.
  Height sealed_end_ = 0;  ///< With that run, all heights below this are in runs.
  Height in_runs_ = 0;     ///< All heights below are in runs.
  std::string failure_;
  std::jthread builder_;
};

}  // namespace salus::node
