// RocksDB as the block store uses it: its columns, how they are tuned, and errors that name the
// folder. Internal to node/store: no other header may include RocksDB's.
#pragma once

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/bytes.h"
#include "node/store/block_store.h"
#include "node/store/ingestion_gate.h"

namespace salus::node {

/// docs/storage.md says what keys and values each has.
enum class Column : std::size_t {
  meta,
  headers,
  block_ids,
  leaf_hashes,
  statement_ids,
  bodies,
  state,
  indexes,
  id_runs,
  undo,
  side_blocks,
};
inline constexpr std::size_t kColumns = 11;

inline rocksdb::Slice slice(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline Bytes bytes_of(const rocksdb::Slice& slice) {
  return {reinterpret_cast<const std::uint8_t*>(slice.data()), slice.size()};
}
inline std::vector<std::uint8_t> copy_of(const rocksdb::Slice& slice) {
  const Bytes bytes = bytes_of(slice);
  return {bytes.begin(), bytes.end()};
}

/// Thread safe as RocksDB is.
class Database {
 public:
  /// Opens or makes the database in `folder`.
  Database(std::filesystem::path folder, const BlockStoreOptions& options);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  [[nodiscard]] rocksdb::DB& rocks() const { return *rocks_; }
  [[nodiscard]] rocksdb::ColumnFamilyHandle* column(Column column) const {
    return handles_[static_cast<std::size_t>(column)];
  }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

  [[nodiscard]] std::optional<rocksdb::PinnableSlice> get(Column column,
                                                          const rocksdb::Slice& key) const;
  [[nodiscard]] std::unique_ptr<rocksdb::Iterator> iterate(
      Column column, const rocksdb::ReadOptions& options = {}) const;
  /// After a loop over an iterator: did it end for want of entries, or for damage?
  void check_end(const rocksdb::Iterator& iterator) const;

  void write(rocksdb::WriteBatch& batch, bool sync);
  /// Takes a sorted table into column `id_runs`, and its file with it.
  void ingest_run(const std::string& file);
  void flush(std::span<const Column> columns);
  /// Throws unless `status` is good: "cannot ACTION FOLDER: ...".
  void check(const rocksdb::Status& status, const char* action) const;

  [[nodiscard]] std::uint64_t cache_and_buffers() const;

 private:
  std::filesystem::path folder_;
  std::shared_ptr<rocksdb::Cache> cache_;
  std::shared_ptr<IngestionGate> ingestion_gate_;
  std::unique_ptr<rocksdb::DB> rocks_;
  std::vector<rocksdb::ColumnFamilyHandle*> handles_;
};

/// The same for calls that need no open database.
void check_status(const rocksdb::Status& status, const char* action,
                  const std::filesystem::path& folder);

}  // namespace salus::node
