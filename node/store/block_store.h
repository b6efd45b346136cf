// The block store: everything that is on the chain, and the state that follows from it, in RocksDB.
//
// It knows bytes, not rules: headers, leaf hashes, bodies, state, undo records and index terms are
// given by the chain and come back as they were. What one `commit` or `disconnect` writes is
// written in one synced batch: after a crash the store is at a whole block. docs/storage.md has the
// schema.
//
// Thread safety: reads from any thread at any time. `commit`, `disconnect`, `erase`, `prune_*`,
// `put_side_block` from one thread at a time. `purge` and `backup` may run beside all of them.
// Errors: `salus::Error`, `system` for what the operating system refuses (disk full, read-only, in
// use by another process), `input` for damaged files and another format; each names folder or file.
// After an error of a write the store must be opened anew: what was committed is there, what failed
// is not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "engine/bytes.h"
#include "node/store/position.h"

namespace salus::node {

using BlockId = Digest;

struct BlockStoreOptions {
  /// Bound for cached blocks of files, with their indexes and filters, and unwritten data together.
  std::size_t memory_bytes = std::size_t{192} << 20;
  /// Statement ids are sorted into a run behind the chain when this many wait in memory (48 bytes
  /// each).
  std::size_t ids_per_run = std::size_t{1} << 18;
  /// Side blocks kept at most; the lowest go first.
  std::size_t max_side_blocks = 256;
  std::size_t max_side_bytes = std::size_t{512} << 20;
};

/// A key of the state and what it becomes.
struct StateChange {
  Bytes key;
  std::optional<Bytes> value;  ///< Nothing: the key is deleted.
};

/// By what a statement can be found. Times are seconds since 1970.
struct IndexTerms {
  Bytes signer;              ///< At most 255 bytes.
  std::string_view subject;  ///< At most 255 bytes; empty: not indexed.
  std::int64_t time = 0;
  std::uint8_t type = 0;
};

/// A block on top of the tip. The spans are only read during `commit`. `leaf_hashes`,
/// `statement_ids`, `bodies` and `terms` have an entry a statement, at most 2^20 and 128 MiB of
/// bodies.
struct BlockRecord {
  Height height = 0;  ///< One above the tip; 0 in an empty store.
  BlockId id{};
  Bytes header{};
  std::span<const Digest> leaf_hashes{};
  std::span<const Digest> statement_ids{};
  std::span<const Bytes> bodies{};
  std::span<const IndexTerms> terms{};
  std::span<const StateChange> state{};
  Bytes undo{};  ///< What the chain needs to take the block back.
  /// Bodies, on the chain or in this block, that `erase` is to delete with the same batch. A
  /// disconnect does not bring them back.
  std::span<const Position> erased{};
};

struct Tip {
  Height height = 0;
  BlockId id{};
  friend bool operator==(const Tip&, const Tip&) = default;
};

struct StoredHeader {
  BlockId id{};
  std::vector<std::uint8_t> header;
  std::uint32_t statements = 0;
};

enum class BodyPresence : std::uint8_t {
  present,
  erased,   ///< Deleted by `erase`: a right was used.
  pruned,   ///< Deleted by `prune_*`: to save room.
  unknown,  ///< There is no such statement.
};

struct StoredBody {
  BodyPresence presence = BodyPresence::unknown;
  std::vector<std::uint8_t> bytes;  ///< Empty unless present.
};

/// The bodies of a block: one allocation, and a view for each statement.
struct StoredBodies {
  struct Entry {
    BodyPresence presence = BodyPresence::unknown;
    Bytes bytes;  ///< Into `storage`.
  };
  std::vector<std::uint8_t> storage;
  std::vector<Entry> entries;
};

struct BodyTally {
  std::uint64_t statements = 0;
  std::uint64_t bytes = 0;  ///< Of their bodies.
  friend bool operator==(const BodyTally&, const BodyTally&) = default;
};

struct SideBlock {
  BlockId id{};
  Height height = 0;
  std::size_t bytes = 0;
};

enum class IndexKind : std::uint8_t { signer = 1, subject = 2, type = 3, time = 4 };

/// A statement that a query found.
struct IndexHit {
  std::int64_t time = 0;
  Position at;
  friend bool operator==(const IndexHit&, const IndexHit&) = default;
};

/// Statements with one term of one kind, ascending by position; for kind `time`, all statements
/// ascending by time, then position. Bounds are inclusive. Bounding heights bounds the work of all
/// kinds but `time`.
struct IndexQuery {
  IndexKind kind = IndexKind::signer;
  Bytes term{};  ///< Signer, subject's bytes, or the one byte of the type; unused for `time`.
  std::int64_t time_from = std::numeric_limits<std::int64_t>::min();
  std::int64_t time_to = std::numeric_limits<std::int64_t>::max();
  Height height_from = 0;
  Height height_to = std::numeric_limits<Height>::max();
  std::size_t limit = 100;
  std::optional<IndexHit> after = std::nullopt;  ///< The cursor: `next` of the page before.
};

struct IndexPage {
  std::vector<IndexHit> hits;
  /// There may be more: ask again with `after` = this. A page that had to look at very many entries
  /// may have less than `limit` hits, or none, and still go on.
  std::optional<IndexHit> next;
};

struct BlockStoreStats {
  std::uint64_t disk_bytes = 0;       ///< Live data files.
  std::uint64_t memory_bytes = 0;     ///< Cache and unwritten data, within the bound.
  std::size_t ids_in_memory = 0;      ///< Not in a sorted run yet.
  std::uint64_t ids_behind_from = 0;  ///< Lowest height that is not in a sorted run.
  std::size_t side_blocks = 0;
};

class BlockStore {
 public:
  static constexpr std::uint32_t kMaxStatements = 1U << 20;
  static constexpr std::size_t kMaxBodyBytes = std::size_t{128} << 20;

  /// Opens or makes the store in `folder`.
  explicit BlockStore(std::filesystem::path folder, BlockStoreOptions options = {});
  ~BlockStore();
  BlockStore(const BlockStore&) = delete;
  BlockStore& operator=(const BlockStore&) = delete;

  // --- The chain
  // -------------------------------------------------------------------------------------

  /// Nothing while the store is empty.
  [[nodiscard]] std::optional<Tip> tip() const;

  /// Puts a block on top of the tip; a side block of this id is a side block no longer. Durable
  /// when it returns. Throws `usage` when the record is not one that fits the tip or its limits.
  void commit(const BlockRecord& block);

  /// Takes the tip's block away, with its index entries, and applies `state`. Where `keep_as_side`
  /// is given, these bytes (the block, as the chain encodes it) become a side block in the same
  /// batch.
  void disconnect(std::span<const StateChange> state,
                  std::optional<Bytes> keep_as_side = std::nullopt);

  [[nodiscard]] std::optional<StoredHeader> header(Height height) const;
  /// Headers from a height on, in order, until `take` says false.
  void for_each_header(Height from,
                       const std::function<bool(Height, const StoredHeader&)>& take) const;
  /// On the chain only.
  [[nodiscard]] std::optional<Height> height_of(const BlockId& id) const;
  /// Empty when there is no such block.
  [[nodiscard]] std::vector<Digest> leaf_hashes(Height height) const;
  [[nodiscard]] std::vector<Digest> statement_ids(Height height) const;
  [[nodiscard]] std::optional<Digest> statement_id(Position at) const;
  [[nodiscard]] std::optional<std::vector<std::uint8_t>> undo(Height height) const;
  /// Undo records below this height are not needed any more: `disconnect` stops there.
  void prune_undo(Height below);

  // --- Bodies
  // ----------------------------------------------------------------------------------------

  [[nodiscard]] StoredBody body(Position at) const;
  [[nodiscard]] StoredBodies bodies(Height height) const;
  /// Deletes bodies; hashes, ids and index entries stay, so that every proof holds. They are not
  /// served from now on (synced); the bytes are gone from the files after `purge`. Those that are
  /// not there, or gone already, are left as they are. Returns how many were deleted.
  std::size_t erase(std::span<const Position> statements);
  /// Deletes all bodies below a height, and gives back their room.
  void prune_bodies(Height below);
  /// Deletes the bodies of one type below a height. Returns what was deleted.
  BodyTally prune_bodies_of_type(std::uint8_t type, Height below);
  /// What that would delete.
  [[nodiscard]] BodyTally count_bodies_of_type(std::uint8_t type, Height below) const;
  /// Rewrites the files that hold deleted bodies, so that none of their bytes is left in a file of
  /// the store. Backups made before, and what the drive keeps of deleted files, are not reached.
  void purge();

  // --- State
  // -----------------------------------------------------------------------------------------

  [[nodiscard]] std::optional<std::vector<std::uint8_t>> state(Bytes key) const;
  /// All keys in byte order.
  void for_each_state(const std::function<void(Bytes key, Bytes value)>& take) const;

  // --- Indexes
  // ---------------------------------------------------------------------------------------

  [[nodiscard]] IndexPage find(const IndexQuery& query) const;
  /// Sees every committed block at once, though the index on disk is built behind.
  [[nodiscard]] std::optional<Position> find_statement(const Digest& statement_id) const;

  // --- Blocks that are not on the chain
  // --------------------------------------------------------------

  /// Keeps a block by its id, beyond the limits in place of the lowest others. Not synced: what a
  /// crash takes can be had again from whoever sent it. False when it alone is beyond the limits.
  bool put_side_block(const BlockId& id, Height height, Bytes block);
  [[nodiscard]] std::optional<std::vector<std::uint8_t>> side_block(const BlockId& id) const;
  [[nodiscard]] std::vector<SideBlock> side_blocks() const;
  void prune_side_blocks(Height below);

  // --- Care
  // ------------------------------------------------------------------------------------------

  /// Adds a copy of the whole store as it is now to the backups in `to` (made where it is not
  /// there); files that an earlier one has are not copied again. The store may be in use. Returns
  /// the copy's number, higher than all before it; a copy that was interrupted has none, and the
  /// next one removes what there is of it.
  [[nodiscard]] std::uint32_t backup(const std::filesystem::path& to) const;
  /// Deletes all backups in `to` but the newest.
  static void keep_newest_backup(const std::filesystem::path& to);
  /// Makes the store in `folder`, which must not be there or be empty, from the backup with this
  /// number in `from`. Every file is checked against its checksum.
  static void restore(const std::filesystem::path& from, std::uint32_t number,
                      const std::filesystem::path& folder);
  /// Reads every byte of every file and checks it. Throws with the file's name at the first damage.
  void verify_files() const;
  [[nodiscard]] BlockStoreStats stats() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace salus::node
