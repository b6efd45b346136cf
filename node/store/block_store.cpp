#include "node/store/block_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <mutex>
#include <shared_mutex>
#include <utility>

#include "engine/error.h"
#include "node/store/backup.h"
#include "node/store/body_column.h"
#include "node/store/database.h"
#include "node/store/file.h"
#include "node/store/folder_lock.h"
#include "node/store/id_index.h"
#include "node/store/index_query.h"
#include "node/store/keys.h"
#include "node/store/paced_writer.h"
#include "node/store/postings.h"
#include "node/store/side_blocks.h"
#include "node/store/store_folder.h"

namespace salus::node {

namespace {

constexpr std::size_t kMaxTermBytes = 255;
/// Digests in one value of the columns of leaf hashes and statement ids: 16 KiB.
constexpr std::uint32_t kDigestsPerChunk = 512;
constexpr std::size_t kStoredHeaderFront = sizeof(BlockId) + 4;

// Column undo: height, then one of these.
constexpr std::uint8_t kUndo = 0;
constexpr std::uint8_t kIndexKeys = 1;

FixedKey<5> undo_key(Height height, std::uint8_t part) {
  FixedKey<5> key;
  store_big(key.data(), height);
  key[4] = part;
  return key;
}

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorKind::usage, "block store: " + what);
}

void check_record(const BlockRecord& block, const std::optional<Tip>& tip) {
  const Height expected = tip ? tip->height + 1 : 0;
  if (block.height != expected) {
    refuse(fmt::format("the next block has height {}, not {}", expected, block.height));
  }
  const std::size_t count = block.leaf_hashes.size();
  if (count > BlockStore::kMaxStatements || block.statement_ids.size() != count ||
      block.bodies.size() != count || block.terms.size() != count) {
    refuse("a block has a leaf hash, an id, a body and terms for each statement, 2^20 at most");
  }
  std::size_t bytes = 0;
  for (const Bytes body : block.bodies) bytes += body.size();
  if (bytes > BlockStore::kMaxBodyBytes) {
    refuse(fmt::format("a block has at most {} bytes of bodies", BlockStore::kMaxBodyBytes));
  }
  for (const IndexTerms& terms : block.terms) {
    if (terms.signer.size() > kMaxTermBytes || terms.subject.size() > kMaxTermBytes) {
      refuse(fmt::format("an index term has at most {} bytes", kMaxTermBytes));
    }
  }
}

std::filesystem::path made(std::filesystem::path folder) {
  make_folder(folder);
  return folder;
}

}  // namespace

class BlockStore::Impl {
 public:
  Impl(std::filesystem::path folder, BlockStoreOptions options)
      : folder_(made(std::move(folder))),
        lock_(folder_),
        database_((prepare_store_folder(folder_), database_folder(folder_)), options),
        tip_(load_tip()),
        bodies_(database_),
        side_(database_, options.max_side_blocks, options.max_side_bytes),
        ids_(database_, folder_, options.ids_per_run,
             tip_ ? std::optional(tip_->height) : std::nullopt) {
    remove_unfinished();
  }

  // --- Writing
  // ---------------------------------------------------------------------------------------

  void commit(const BlockRecord& block) {
    check_record(block, tip_);
    put_ahead(block);
    rocksdb::WriteBatch batch;
    put_header(batch, block);
    bodies_.erase_below(batch, block.height, block.erased);
    put_indexes(batch, block);
    put_state(batch, block.state);
    batch.Put(column(Column::undo), undo_key(block.height, kUndo), slice(block.undo));
    side_.remove(batch, block.id);
    database_.write(batch, true);
    side_.written();
    ids_.add(block.height, block.statement_ids);
    set_tip(Tip{block.height, block.id});  // Last: who sees this tip finds all of the block.
  }

  void disconnect(std::span<const StateChange> state, std::optional<Bytes> keep_as_side) {
    if (!tip_) refuse("there is no block to disconnect");
    const Tip gone = *tip_;
    std::optional<Tip> below;
    if (gone.height > 0) below = Tip{gone.height - 1, require_header(gone.height - 1).id};
    rocksdb::WriteBatch batch;
    remove_indexes(batch, gone.height);
    batch.Delete(column(Column::headers), height_key(gone.height));
    batch.Delete(column(Column::block_ids), slice(gone.id));
    remove_digests(batch, Column::leaf_hashes, gone.height);
    remove_digests(batch, Column::statement_ids, gone.height);
    bodies_.remove(batch, gone.height);
    batch.Delete(column(Column::undo), undo_key(gone.height, kUndo));
    batch.Delete(column(Column::undo), undo_key(gone.height, kIndexKeys));
    put_state(batch, state);
    if (keep_as_side) side_.put(batch, gone.id, gone.height, *keep_as_side);
    {
      const auto lock = ids_.lower(gone.height, batch);
      database_.write(batch, true);
    }
    side_.written();
    set_tip(below);
  }

  void prune_undo(Height below) {
    rocksdb::WriteBatch batch;
    batch.DeleteRange(column(Column::undo), height_key(0), height_key(below));
    database_.write(batch, false);
  }

  // --- Reading
  // ---------------------------------------------------------------------------------------

  std::optional<Tip> tip() const {
    const std::shared_lock lock(tip_mutex_);
    return tip_;
  }

  std::optional<StoredHeader> header(Height height) const {
    const auto value = database_.get(Column::headers, height_key(height));
    if (!value) return std::nullopt;
    return decode_header(bytes_of(*value));
  }

  void for_each_header(Height from,
                       const std::function<bool(Height, const StoredHeader&)>& take) const {
    const auto entries = database_.iterate(Column::headers);
    for (entries->Seek(height_key(from)); entries->Valid(); entries->Next()) {
      const Height height = load_big<Height>(bytes_of(entries->key()).data());
      if (!take(height, decode_header(bytes_of(entries->value())))) return;
    }
    database_.check_end(*entries);
  }

  std::optional<Height> height_of(const BlockId& id) const {
    const auto value = database_.get(Column::block_ids, slice(id));
    if (!value || value->size() != sizeof(Height)) return std::nullopt;
    return load_big<Height>(bytes_of(*value).data());
  }

  std::vector<Digest> digests(Column of, Height height) const {
    std::vector<Digest> all;
    const auto entries = database_.iterate(of);
    for (entries->Seek(height_key(height)); entries->Valid(); entries->Next()) {
      if (load_position(bytes_of(entries->key()).data()).height != height) break;
      const std::size_t at = all.size(), count = entries->value().size() / sizeof(Digest);
      all.resize(at + count);
      std::memcpy(all.data() + at, entries->value().data(), count * sizeof(Digest));
    }
    database_.check_end(*entries);
    return all;
  }

  std::optional<Digest> statement_id(Position at) const {
    const std::uint32_t within = at.index % kDigestsPerChunk;
    const auto value =
        database_.get(Column::statement_ids, position_key({at.height, at.index - within}));
    if (!value || value->size() < (within + 1) * sizeof(Digest)) return std::nullopt;
    Digest id;
    std::memcpy(id.data(), value->data() + within * sizeof(Digest), sizeof id);
    return id;
  }

  std::optional<std::vector<std::uint8_t>> undo(Height height) const {
    return copied(database_.get(Column::undo, undo_key(height, kUndo)));
  }

  std::optional<std::vector<std::uint8_t>> state(Bytes key) const {
    return copied(database_.get(Column::state, slice(key)));
  }

  void for_each_state(const std::function<void(Bytes, Bytes)>& take) const {
    const auto entries = database_.iterate(Column::state);
    for (entries->SeekToFirst(); entries->Valid(); entries->Next()) {
      take(bytes_of(entries->key()), bytes_of(entries->value()));
    }
    database_.check_end(*entries);
  }

  std::optional<Position> find_statement(const Digest& id) const {
    for (const Position at : ids_.candidates(id)) {
      if (statement_id(at) == id) return at;
    }
    return std::nullopt;
  }

  // --- Bodies
  // ----------------------------------------------------------------------------------------

  StoredBody body(Position at) const { return bodies_.body(at, statements(at.height)); }
  StoredBodies bodies(Height height) const { return bodies_.bodies(height, statements(height)); }

  std::size_t erase(std::span<const Position> statements) {
    return bodies_.erase(statements, BodyPresence::erased);
  }

  void prune_bodies(Height below) { bodies_.prune_below(bounded(below)); }

  BodyTally prune_bodies_of_type(std::uint8_t type, Height below) {
    BodyTally deleted;
    for_each_of_type(type, below, [&](std::span<const Position> found) {
      add_tally(deleted, found);
      bodies_.erase(found, BodyPresence::pruned);
    });
    return deleted;
  }

  BodyTally count_bodies_of_type(std::uint8_t type, Height below) const {
    BodyTally tally;
    for_each_of_type(type, below,
                     [&](std::span<const Position> found) { add_tally(tally, found); });
    return tally;
  }

  void purge() { bodies_.purge(); }

  // --- Side blocks and care
  // ----------------------------------------------------------------------------

  bool put_side_block(const BlockId& id, Height height, Bytes block) {
    rocksdb::WriteBatch batch;
    if (!side_.put(batch, id, height, block)) return false;
    database_.write(batch, false);
    side_.written();
    return true;
  }

  void prune_side_blocks(Height below) {
    rocksdb::WriteBatch batch;
    side_.remove_below(batch, below);
    database_.write(batch, false);
    side_.written();
  }

  void verify_files() const { database_.check(database_.rocks().VerifyChecksum(), "verify"); }

  BlockStoreStats stats() const {
    BlockStoreStats stats;
    for (std::size_t i = 0; i < kColumns; ++i) {
      std::uint64_t bytes = 0;
      database_.rocks().GetIntProperty(column(static_cast<Column>(i)),
                                       rocksdb::DB::Properties::kTotalSstFilesSize, &bytes);
      stats.disk_bytes += bytes;
    }
    stats.memory_bytes = database_.cache_and_buffers();
    stats.ids_in_memory = ids_.in_memory();
    stats.ids_behind_from = ids_.behind_from();
    stats.side_blocks = side_.list().size();
    return stats;
  }

  const Database& database() const { return database_; }
  const SideBlocks& side() const { return side_; }

 private:
  rocksdb::ColumnFamilyHandle* column(Column which) const { return database_.column(which); }

  static std::optional<std::vector<std::uint8_t>> copied(
      const std::optional<rocksdb::PinnableSlice>& value) {
    if (!value) return std::nullopt;
    return copy_of(*value);
  }

  std::optional<Tip> load_tip() const {
    const auto entries = database_.iterate(Column::headers);
    entries->SeekToLast();
    database_.check_end(*entries);
    if (!entries->Valid()) return std::nullopt;
    return Tip{load_big<Height>(bytes_of(entries->key()).data()),
               decode_header(bytes_of(entries->value())).id};
  }

  void set_tip(std::optional<Tip> tip) {
    const std::unique_lock lock(tip_mutex_);
    tip_ = tip;
  }

  StoredHeader decode_header(Bytes value) const {
    if (value.size() < kStoredHeaderFront) {
      throw Error(ErrorKind::input, folder_.string() + " is damaged: a header");
    }
    StoredHeader header;
    std::memcpy(header.id.data(), value.data(), sizeof header.id);
    header.statements = load_little<std::uint32_t>(value.data() + sizeof header.id);
    const Bytes rest = value.subspan(kStoredHeaderFront);
    header.header.assign(rest.begin(), rest.end());
    return header;
  }

  StoredHeader require_header(Height height) const {
    auto found = header(height);
    if (!found) {
      throw Error(ErrorKind::input, fmt::format("{} is damaged: the header of height {} is missing",
                                                folder_.string(), height));
    }
    return std::move(*found);
  }

  std::uint32_t statements(Height height) const {
    const auto found = header(height);
    return found ? found->statements : 0;
  }

  /// Not above the chain.
  Height bounded(Height below) const {
    const auto top = tip();
    return top ? std::min(below, top->height + 1) : 0;
  }

  /// Calls `take` for some statements of a type at a time, in the order of the chain.
  void for_each_of_type(std::uint8_t type, Height below,
                        const std::function<void(std::span<const Position>)>& take) const {
    below = bounded(below);
    if (below == 0) return;
    IndexQuery query{
        .kind = IndexKind::type, .term = {&type, 1}, .height_to = below - 1, .limit = 10'000};
    do {
      const IndexPage page = find_statements(database_, query);
      std::vector<Position> found;
      for (const IndexHit& hit : page.hits) found.push_back(hit.at);
      take(found);
      query.after = page.next;
    } while (query.after);
  }

  /// Adds those that are present; ascending.
  void add_tally(BodyTally& tally, std::span<const Position> found) const {
    StoredBodies block;
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (i == 0 || found[i].height != found[i - 1].height) block = bodies(found[i].height);
      if (found[i].index >= block.entries.size()) continue;
      const StoredBodies::Entry& entry = block.entries[found[i].index];
      if (entry.presence != BodyPresence::present) continue;
      ++tally.statements;
      tally.bytes += entry.bytes.size();
    }
  }

  void put_header(rocksdb::WriteBatch& batch, const BlockRecord& block) const {
    std::string value(kStoredHeaderFront, 0);
    auto* bytes = reinterpret_cast<std::uint8_t*>(value.data());
    std::memcpy(bytes, block.id.data(), sizeof block.id);
    store_little(bytes + sizeof block.id, static_cast<std::uint32_t>(block.bodies.size()));
    value.append(reinterpret_cast<const char*>(block.header.data()), block.header.size());
    batch.Put(column(Column::headers), height_key(block.height), value);
    batch.Put(column(Column::block_ids), slice(block.id), height_key(block.height));
  }

  /// Most of a block, which nobody finds without its header: that comes with the rest, in one
  /// batch. What a crash in between leaves is removed by the next opening.
  void put_ahead(const BlockRecord& block) {
    std::size_t bytes = block.bodies.size() * 2 * sizeof(Digest);
    for (const Bytes body : block.bodies) bytes += body.size();
    PacedWriter ahead(database_, bytes);
    put_digests(ahead, Column::leaf_hashes, block.height, block.leaf_hashes);
    put_digests(ahead, Column::statement_ids, block.height, block.statement_ids);
    bodies_.put(ahead, block.height, block.bodies, block.erased);
    ahead.finish();
  }

  static void put_digests(PacedWriter& ahead, Column to, Height height,
                          std::span<const Digest> digests) {
    for (std::uint32_t first = 0; first < digests.size(); first += kDigestsPerChunk) {
      const auto count = std::min<std::size_t>(kDigestsPerChunk, digests.size() - first);
      const rocksdb::Slice value(reinterpret_cast<const char*>(&digests[first]),
                                 count * sizeof(Digest));
      ahead.put(to, position_key({height, first}), {&value, 1});
    }
  }

  /// What was written ahead of a header that never came.
  void remove_unfinished() {
    const Height from = tip_ ? tip_->height + 1 : 0;
    const auto to = position_key(
        {std::numeric_limits<Height>::max(), std::numeric_limits<std::uint32_t>::max()});
    rocksdb::WriteBatch batch;
    for (const Column each : {Column::leaf_hashes, Column::statement_ids, Column::bodies}) {
      const auto entries = database_.iterate(each);
      entries->Seek(height_key(from));
      database_.check_end(*entries);
      if (!entries->Valid()) continue;
      batch.DeleteRange(column(each), height_key(from), to);
      if (each == Column::bodies) bodies_.mark_unpurged(batch, from);
    }
    if (batch.Count() > 0) database_.write(batch, true);
  }

  void remove_digests(rocksdb::WriteBatch& batch, Column from, Height height) const {
    for (std::uint32_t first = 0; first < statements(height); first += kDigestsPerChunk) {
      batch.Delete(column(from), position_key({height, first}));
    }
  }

  /// With the entries goes a list of their keys, by which a disconnect finds them.
  void put_indexes(rocksdb::WriteBatch& batch, const BlockRecord& block) const {
    std::string keys;
    make_postings(block.height, block.terms, [&](const std::string& key, const std::string& value) {
      batch.Put(column(Column::indexes), key, value);
      const auto length = static_cast<std::uint16_t>(key.size());
      keys.append(reinterpret_cast<const char*>(&length), sizeof length);
      keys += key;
    });
    batch.Put(column(Column::undo), undo_key(block.height, kIndexKeys), keys);
  }

  void remove_indexes(rocksdb::WriteBatch& batch, Height height) const {
    const auto keys = database_.get(Column::undo, undo_key(height, kIndexKeys));
    if (!keys) refuse(fmt::format("the undo record of height {} was pruned", height));
    for (rocksdb::Slice rest = *keys; rest.size() >= sizeof(std::uint16_t);) {
      const auto length = load_little<std::uint16_t>(bytes_of(rest).data());
      rest.remove_prefix(sizeof length);
      const std::size_t taken = std::min<std::size_t>(length, rest.size());
      batch.Delete(column(Column::indexes), {rest.data(), taken});
      rest.remove_prefix(taken);
    }
  }

  void put_state(rocksdb::WriteBatch& batch, std::span<const StateChange> changes) const {
    for (const StateChange& change : changes) {
      if (change.value) {
        batch.Put(column(Column::state), slice(change.key), slice(*change.value));
      } else {
        batch.Delete(column(Column::state), slice(change.key));
      }
    }
  }

  std::filesystem::path folder_;
  FolderLock lock_;
  Database database_;
  mutable std::shared_mutex
      tip_mutex_;  ///< Of `tip_`, for readers beside the one thread that writes.
  std::optional<Tip> tip_;
  BodyColumn bodies_;
  SideBlocks side_;
  IdIndex ids_;
};

BlockStore::BlockStore(std::filesystem::path folder, BlockStoreOptions options)
    : impl_(std::make_unique<Impl>(std::move(folder), options)) {}
BlockStore::~BlockStore() = default;

std::optional<Tip> BlockStore::tip() const { return impl_->tip(); }
void BlockStore::commit(const BlockRecord& block) { impl_->commit(block); }
void BlockStore::disconnect(std::span<const StateChange> state, std::optional<Bytes> keep_as_side) {
  impl_->disconnect(state, keep_as_side);
}
std::optional<StoredHeader> BlockStore::header(Height height) const {
  return impl_->header(height);
}
void BlockStore::for_each_header(
    Height from, const std::function<bool(Height, const StoredHeader&)>& take) const {
  impl_->for_each_header(from, take);
}
std::optional<Height> BlockStore::height_of(const BlockId& id) const {
  return impl_->height_of(id);
}
std::vector<Digest> BlockStore::leaf_hashes(Height height) const {
  return impl_->digests(Column::leaf_hashes, height);
}
std::vector<Digest> BlockStore::statement_ids(Height height) const {
  return impl_->digests(Column::statement_ids, height);
}
std::optional<Digest> BlockStore::statement_id(Position at) const {
  return impl_->statement_id(at);
}
std::optional<std::vector<std::uint8_t>> BlockStore::undo(Height height) const {
  return impl_->undo(height);
}
void BlockStore::prune_undo(Height below) { impl_->prune_undo(below); }
StoredBody BlockStore::body(Position at) const { return impl_->body(at); }
StoredBodies BlockStore::bodies(Height height) const { return impl_->bodies(height); }
std::size_t BlockStore::erase(std::span<const Position> statements) {
  return impl_->erase(statements);
}
void BlockStore::prune_bodies(Height below) { impl_->prune_bodies(below); }
BodyTally BlockStore::prune_bodies_of_type(std::uint8_t type, Height below) {
  return impl_->prune_bodies_of_type(type, below);
}
BodyTally BlockStore::count_bodies_of_type(std::uint8_t type, Height below) const {
  return impl_->count_bodies_of_type(type, below);
}
void BlockStore::purge() { impl_->purge(); }
std::optional<std::vector<std::uint8_t>> BlockStore::state(Bytes key) const {
  return impl_->state(key);
}
void BlockStore::for_each_state(const std::function<void(Bytes, Bytes)>& take) const {
  impl_->for_each_state(take);
}
IndexPage BlockStore::find(const IndexQuery& query) const {
  return find_statements(impl_->database(), query);
}
std::optional<Position> BlockStore::find_statement(const Digest& statement_id) const {
  return impl_->find_statement(statement_id);
}
bool BlockStore::put_side_block(const BlockId& id, Height height, Bytes block) {
  return impl_->put_side_block(id, height, block);
}
std::optional<std::vector<std::uint8_t>> BlockStore::side_block(const BlockId& id) const {
  return impl_->side().block(id);
}
std::vector<SideBlock> BlockStore::side_blocks() const { return impl_->side().list(); }
void BlockStore::prune_side_blocks(Height below) { impl_->prune_side_blocks(below); }
std::uint32_t BlockStore::backup(const std::filesystem::path& to) const {
  return back_up(impl_->database(), to);
}
void BlockStore::keep_newest_backup(const std::filesystem::path& to) {
  salus::node::keep_newest_backup(to);
}
void BlockStore::restore(const std::filesystem::path& from, std::uint32_t number,
                         const std::filesystem::path& folder) {
  restore_backup(from, number, folder);
}
void BlockStore::verify_files() const { impl_->verify_files(); }
BlockStoreStats BlockStore::stats() const { return impl_->stats(); }

}  // namespace salus::node
