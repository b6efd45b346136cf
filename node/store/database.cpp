#include "node/store/database.h"

#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/sst_file_reader.h>
#include <rocksdb/table.h>
#include <rocksdb/write_buffer_manager.h>

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>

#include "engine/error.h"
#include "engine/log.h"

namespace salus::node {

namespace {

constexpr std::array<const char*, kColumns> kNames = {
    "default", "headers", "block-ids", "leaf-hashes", "statement-ids", "bodies",
    "state",   "indexes", "id-runs",   "undo",        "side-blocks"};

// Bounds on what is open and what is to be read again at a restart.
constexpr int kMaxOpenFiles = 512;
constexpr std::uint64_t kMaxWalBytes = std::uint64_t{128} << 20;
constexpr std::size_t kArenaBytes = std::size_t{256} << 10;
constexpr std::size_t kChunkBlockBytes = std::size_t{16} << 10;
constexpr std::size_t kSmallBlockBytes = std::size_t{4} << 10;
constexpr double kFilterBits = 10;
/// Of a statement's id, what its entry in a run starts with.
constexpr std::size_t kIdPrefixBytes = 8;

/// RocksDB's own log, of which we show errors. By default it is a file beside the data; on a full
/// disk, Debian's build (which has assertions on) then ends the process.
class ErrorLogger : public rocksdb::Logger {
 public:
  ErrorLogger() : rocksdb::Logger(rocksdb::InfoLogLevel::ERROR_LEVEL) {}
  using rocksdb::Logger::Logv;
  void Logv(const rocksdb::InfoLogLevel level, const char* format, va_list arguments) override {
    if (level >= rocksdb::InfoLogLevel::ERROR_LEVEL &&
        level < rocksdb::InfoLogLevel::HEADER_LEVEL) {
      Logv(format, arguments);
    }
  }
  void Logv(const char* format, va_list arguments) override {
    std::array<char, 1024> line{};
    std::vsnprintf(line.data(), line.size(), format, arguments);
    logging::debug("rocksdb: {}", line.data());
  }
};

/// Tables that cannot be opened: RocksDB names some of them by another file's name, or not at all.
std::string damaged_tables(const std::filesystem::path& folder, const rocksdb::Options& options) {
  std::string names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() != ".sst") continue;
    rocksdb::SstFileReader reader(options);
    if (!reader.Open(entry.path().string()).ok())
      names += "; see " + entry.path().filename().string();
  }
  return names;
}

/// RocksDB looks for a table that is missing under a second, older name, and tells only that.
std::string with_table_names(std::string message) {
  constexpr std::string_view kOlder = ".ldb", kName = ".sst";
  for (std::size_t at; (at = message.find(kOlder)) != std::string::npos;) {
    message.replace(at, kOlder.size(), kName);
  }
  return message;
}

rocksdb::DBOptions database_options(const BlockStoreOptions& options,
                                    const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::DBOptions tuned;
  tuned.create_if_missing = true;
  tuned.create_missing_column_families = true;
  tuned.max_background_jobs = 2;
  tuned.max_open_files = kMaxOpenFiles;
  tuned.max_total_wal_size = kMaxWalBytes;
  tuned.avoid_flush_during_recovery = true;  // What was read again can wait for its turn.
  tuned.bytes_per_sync = std::uint64_t{1} << 20;
  // Unwritten data counts as part of the cache, so that one number bounds both.
  tuned.write_buffer_manager =
      std::make_shared<rocksdb::WriteBufferManager>(options.memory_bytes / 2, cache);
  // A record that a crash cut short is dropped. Any other damage to the log, which the default mode
  // would take for its end, is told.
  tuned.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  tuned.track_and_verify_wals_in_manifest = true;
  tuned.info_log = std::make_shared<ErrorLogger>();
  return tuned;
}

rocksdb::BlockBasedTableOptions table_options(Column column,
                                              const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.cache_index_and_filter_blocks = true;
  table.checksum = rocksdb::kXXH3;
  table.format_version = 5;
  const bool chunks =
      column == Column::bodies || column == Column::leaf_hashes || column == Column::statement_ids;
  table.block_size = chunks ? kChunkBlockBytes : kSmallBlockBytes;
  if (column == Column::id_runs) {
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kFilterBits));
    table.whole_key_filtering = false;
    // Of a filter for 10^9 ids only the parts that are asked for are in memory.
    table.partition_filters = true;
    table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  } else if (column == Column::block_ids || column == Column::state) {
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kFilterBits));
  }
  return table;
}

rocksdb::ColumnFamilyOptions column_options(Column column,
                                            const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions tuned;
  tuned.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table_options(column, cache)));
  tuned.arena_block_size = kArenaBytes;
  tuned.write_buffer_size = std::size_t{32} << 20;
  // The same at all levels: what is in order is moved down without being written again. Hashes do
  // not get shorter.
  const bool hashes = column == Column::leaf_hashes || column == Column::statement_ids ||
                      column == Column::block_ids || column == Column::id_runs;
  tuned.compression = hashes ? rocksdb::kNoCompression : rocksdb::kLZ4Compression;
  if (column == Column::id_runs) {
    tuned.prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(kIdPrefixBytes));
    tuned.compaction_style = rocksdb::kCompactionStyleUniversal;
  }
  return tuned;
}

}  // namespace

void check_status(const rocksdb::Status& status, const char* action,
                  const std::filesystem::path& folder) {
  if (status.ok()) return;
  if (status.IsCorruption()) {
    throw Error(ErrorKind::input,
                folder.string() + " is damaged: " + with_table_names(status.ToString()));
  }
  const char* reason = status.IsNoSpace() ? "the disk is full: " : "";
  throw Error(ErrorKind::system, std::string("cannot ") + action + " " + folder.string() + ": " +
                                     reason + status.ToString());
}

Database::Database(std::filesystem::path folder, const BlockStoreOptions& options)
    : folder_(std::move(folder)),
      cache_(rocksdb::NewLRUCache(options.memory_bytes)),
      ingestion_gate_(
          std::make_shared<IngestionGate>(kNames[static_cast<std::size_t>(Column::id_runs)])) {
  std::vector<rocksdb::ColumnFamilyDescriptor> columns;
  for (std::size_t i = 0; i < kColumns; ++i) {
    columns.emplace_back(kNames[i], column_options(static_cast<Column>(i), cache_));
  }
  rocksdb::DB* opened = nullptr;
  rocksdb::DBOptions tuned = database_options(options, cache_);
  tuned.listeners = {ingestion_gate_};
  const rocksdb::Status status =
      rocksdb::DB::Open(tuned, folder_.string(), columns, &handles_, &opened);
  if (status.IsCorruption()) {
    throw Error(ErrorKind::input, folder_.string() +
                                      " is damaged: " + with_table_names(status.ToString()) +
                                      damaged_tables(folder_, {tuned, columns.front().options}));
  }
  check(status, "open");
  rocks_.reset(opened);
}

Database::~Database() {
  for (auto* handle : handles_) rocks_->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
}

std::optional<rocksdb::PinnableSlice> Database::get(Column from, const rocksdb::Slice& key) const {
  rocksdb::PinnableSlice value;
  const rocksdb::Status status = rocks_->Get({}, column(from), key, &value);
  if (status.IsNotFound()) return std::nullopt;
  check(status, "read");
  return value;
}

std::unique_ptr<rocksdb::Iterator> Database::iterate(Column over,
                                                     const rocksdb::ReadOptions& options) const {
  return std::unique_ptr<rocksdb::Iterator>(rocks_->NewIterator(options, column(over)));
}

void Database::check_end(const rocksdb::Iterator& iterator) const {
  check(iterator.status(), "read");
}

void Database::write(rocksdb::WriteBatch& batch, bool sync) {
  rocksdb::WriteOptions options;
  options.sync = sync;
  check(rocks_->Write(options, &batch), "write to");
}

void Database::ingest_run(const std::string& file) {
  rocksdb::IngestExternalFileOptions options;
  options.move_files = true;
  options.write_global_seqno = false;
  const IngestionGate::Ingestion ingestion(*ingestion_gate_);
  check(rocks_->IngestExternalFile(column(Column::id_runs), {file}, options), "write to");
}

void Database::flush(std::span<const Column> columns) {
  for (const Column each : columns) check(rocks_->Flush({}, column(each)), "write to");
}

void Database::check(const rocksdb::Status& status, const char* action) const {
  check_status(status, action, folder_);
}

std::uint64_t Database::cache_and_buffers() const { return cache_->GetUsage(); }

}  // namespace salus::node
