#include "node/store/body_column.h"

#include <rocksdb/convenience.h>

#include <algorithm>
#include <limits>
#include <map>

#include "node/store/body_chunk.h"
#include "node/store/keys.h"

namespace salus::node {

namespace {

constexpr const char* kPrunedBelow = "bodies-pruned-below";
constexpr std::string_view kUnpurged = "unpurged";

constexpr std::size_t kMarkBytes = kUnpurged.size() + sizeof(Height) + sizeof(std::uint64_t);

std::string mark_key(Height height, std::uint64_t number) {
  std::string key(kMarkBytes, 0);
  auto* at = reinterpret_cast<std::uint8_t*>(key.data()) + kUnpurged.size();
  kUnpurged.copy(key.data(), kUnpurged.size());
  store_big(at, height);
  store_big(at + sizeof height, number);
  return key;
}

const std::uint8_t* mark_fields(const std::string& mark) {
  return reinterpret_cast<const std::uint8_t*>(mark.data()) + kUnpurged.size();
}

Height mark_height(const std::string& mark) { return load_big<Height>(mark_fields(mark)); }
std::uint64_t mark_number(const std::string& mark) {
  return load_big<std::uint64_t>(mark_fields(mark) + sizeof(Height));
}

Position chunk_position(const rocksdb::Iterator& entries) {
  return load_position(bytes_of(entries.key()).data());
}

/// Ascending, and each once.
std::map<Height, std::vector<std::uint32_t>> by_block(std::span<const Position> statements) {
  std::map<Height, std::vector<std::uint32_t>> blocks;
  for (const Position at : statements) blocks[at.height].push_back(at.index);
  for (auto& [height, indexes] : blocks) {
    std::ranges::sort(indexes);
    indexes.erase(std::unique(indexes.begin(), indexes.end()), indexes.end());
  }
  return blocks;
}

}  // namespace

BodyColumn::BodyColumn(Database& database) : database_(database) {
  if (const auto value = database_.get(Column::meta, kPrunedBelow); value && value->size() == 4) {
    pruned_below_ = load_big<Height>(bytes_of(*value).data());
  }
  for (const std::string& mark : unpurged()) {
    next_mark_ = std::max(next_mark_.load(), mark_number(mark) + 1);
  }
}

void BodyColumn::put(PacedWriter& ahead, Height height, std::span<const Bytes> bodies,
                     std::span<const Position> erased) const {
  const std::map<Height, std::vector<std::uint32_t>> blocks = by_block(erased);
  const auto here = blocks.find(height);
  std::span<const std::uint32_t> to_go;
  if (here != blocks.end()) to_go = here->second;
  std::vector<rocksdb::Slice> parts;
  for (std::uint32_t first = 0; first < bodies.size();) {
    const auto chunk = bodies.subspan(first, next_chunk(bodies.subspan(first)));
    const auto end = first + static_cast<std::uint32_t>(chunk.size());
    std::vector<std::uint32_t> gone;
    for (; !to_go.empty() && to_go.front() < end; to_go = to_go.subspan(1)) {
      gone.push_back(to_go.front() - first);
    }
    const std::vector<std::uint32_t> head = chunk_head(chunk, gone);
    parts.clear();
    parts.emplace_back(reinterpret_cast<const char*>(head.data()), head.size() * sizeof head[0]);
    for (const Bytes body : chunk) parts.push_back(slice(body));
    for (const std::uint32_t index : gone) parts[1 + index].clear();
    ahead.put(Column::bodies, position_key({height, first}), parts);
    first = end;
  }
}

void BodyColumn::erase_below(rocksdb::WriteBatch& batch, Height height,
                             std::span<const Position> erased) const {
  for (const auto& [below, indexes] : by_block(erased)) {
    if (below >= height) break;
    erase_in_block(batch, below, indexes, BodyPresence::erased);
  }
}

void BodyColumn::remove(rocksdb::WriteBatch& batch, Height height) const {
  const auto entries = database_.iterate(Column::bodies);
  for (entries->Seek(height_key(height)); entries->Valid(); entries->Next()) {
    if (chunk_position(*entries).height != height) break;
    batch.Delete(database_.column(Column::bodies), entries->key());
  }
  database_.check_end(*entries);
  mark_unpurged(batch, height);
}

BodyPresence BodyColumn::without_chunk(Height height) const {
  return height < pruned_below_ ? BodyPresence::pruned : BodyPresence::unknown;
}

StoredBody BodyColumn::body(Position at, std::uint32_t statements) const {
  if (at.index >= statements) return {};
  const auto entries = database_.iterate(Column::bodies);
  entries->SeekForPrev(position_key(at));
  database_.check_end(*entries);
  if (!entries->Valid()) return {without_chunk(at.height), {}};
  const Position first = chunk_position(*entries);
  if (first.height != at.height) return {without_chunk(at.height), {}};
  const BodyChunk chunk(bytes_of(entries->value()), database_.folder().string());
  if (at.index - first.index >= chunk.count()) return {without_chunk(at.height), {}};
  const auto entry = chunk.entry(at.index - first.index);
  return {entry.presence, {entry.bytes.begin(), entry.bytes.end()}};
}

StoredBodies BodyColumn::bodies(Height height, std::uint32_t statements) const {
  StoredBodies block;
  block.entries.resize(statements, {without_chunk(height), {}});
  std::vector<std::size_t> ends(statements, 0);
  rocksdb::ReadOptions options;
  options.fill_cache =
      false;  // Whole blocks are read once: they would push out what is asked for often.
  const auto entries = database_.iterate(Column::bodies, options);
  for (entries->Seek(height_key(height)); entries->Valid(); entries->Next()) {
    const Position first = chunk_position(*entries);
    if (first.height != height) break;
    const BodyChunk chunk(bytes_of(entries->value()), database_.folder().string());
    std::uint32_t index = first.index;
    chunk.for_each([&](const StoredBodies::Entry& entry) {
      if (index < statements) {
        block.storage.insert(block.storage.end(), entry.bytes.begin(), entry.bytes.end());
        block.entries[index].presence = entry.presence;
        ends[index] = block.storage.size();
      }
      ++index;
    });
  }
  database_.check_end(*entries);
  // Views only now: the storage does not move any more.
  std::size_t begin = 0;
  for (std::uint32_t i = 0; i < statements; ++i) {
    if (ends[i] <= begin) continue;
    block.entries[i].bytes = Bytes(block.storage).subspan(begin, ends[i] - begin);
    begin = ends[i];
  }
  return block;
}

std::size_t BodyColumn::erase(std::span<const Position> statements, BodyPresence mark) {
  std::size_t deleted = 0;
  for (const auto& [height, indexes] : by_block(statements)) {
    rocksdb::WriteBatch batch;
    const std::size_t here = erase_in_block(batch, height, indexes, mark);
    if (here > 0) database_.write(batch, true);
    deleted += here;
  }
  return deleted;
}

std::size_t BodyColumn::erase_in_block(rocksdb::WriteBatch& batch, Height height,
                                       std::span<const std::uint32_t> indexes,
                                       BodyPresence mark) const {
  std::size_t deleted = 0;
  const auto entries = database_.iterate(Column::bodies);
  for (auto next = indexes.begin(); next != indexes.end();) {
    entries->SeekForPrev(position_key({height, *next}));
    const bool found = entries->Valid() && chunk_position(*entries).height == height;
    database_.check_end(*entries);
    if (!found) break;
    const std::uint32_t first = chunk_position(*entries).index;
    const BodyChunk chunk(bytes_of(entries->value()), database_.folder().string());
    std::vector<std::uint32_t> within;
    for (; next != indexes.end() && *next - first < chunk.count(); ++next)
      within.push_back(*next - first);
    if (within.empty()) break;  // Behind the last statement of the block.
    const std::size_t before = deleted;
    const std::string rest = without_bodies(chunk, within, mark, deleted);
    if (deleted > before) batch.Put(database_.column(Column::bodies), entries->key(), rest);
  }
  if (deleted > 0) mark_unpurged(batch, height);
  return deleted;
}

void BodyColumn::prune_below(Height below) {
  if (below <= pruned_below_) return;
  auto* column = database_.column(Column::bodies);
  rocksdb::WriteBatch batch;
  batch.DeleteRange(column, height_key(0), height_key(below));
  batch.Put(database_.column(Column::meta), kPrunedBelow, height_key(below));
  mark_unpurged(batch, below - 1);
  database_.write(batch, true);
  pruned_below_ = below;
  // Files that hold nothing else go at once; the rest by compaction.
  const auto from = height_key(0), to = height_key(below);
  const rocksdb::Slice from_slice = from, to_slice = to;
  database_.check(
      rocksdb::DeleteFilesInRange(&database_.rocks(), column, &from_slice, &to_slice, false),
      "delete files of");
}

void BodyColumn::mark_unpurged(rocksdb::WriteBatch& batch, Height height) const {
  batch.Put(database_.column(Column::meta), mark_key(height, next_mark_++), {});
}

std::vector<std::string> BodyColumn::unpurged() const {
  const rocksdb::Slice prefix(kUnpurged.data(), kUnpurged.size());
  std::vector<std::string> marks;
  const auto entries = database_.iterate(Column::meta);
  for (entries->Seek(prefix); entries->Valid() && entries->key().starts_with(prefix);
       entries->Next()) {
    if (entries->key().size() == kMarkBytes) marks.push_back(entries->key().ToString());
  }
  database_.check_end(*entries);
  return marks;
}

void BodyColumn::compact(Height from, Height to) {
  rocksdb::CompactRangeOptions options;
  options.exclusive_manual_compaction = false;
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
  const auto first = height_key(from);
  const auto last = position_key({to, std::numeric_limits<std::uint32_t>::max()});
  const rocksdb::Slice first_slice = first, last_slice = last;
  database_.check(database_.rocks().CompactRange(options, database_.column(Column::bodies),
                                                 &first_slice, &last_slice),
                  "rewrite files of");
}

void BodyColumn::compact_marked(const std::vector<std::string>& marks) {
  // Neighbouring blocks together, and all pruned ones.
  Height from = mark_height(marks.front()) < pruned_below_ ? 0 : mark_height(marks.front());
  for (std::size_t i = 0; i < marks.size(); ++i) {
    const Height height = mark_height(marks[i]);
    const bool last = i + 1 == marks.size();
    if (!last && mark_height(marks[i + 1]) - height <= 1) continue;
    compact(from, height);
    if (!last) from = mark_height(marks[i + 1]);
  }
}

void BodyColumn::purge() {
  const std::vector<std::string> marks = unpurged();
  if (marks.empty()) return;
  // What was written ahead is in logs of RocksDB's, for all columns together: a log goes when what
  // it holds of every column is in the column's files.
  std::vector<Column> columns;
  for (std::size_t i = 0; i < kColumns; ++i) columns.push_back(static_cast<Column>(i));
  database_.flush(columns);
  compact_marked(marks);
  rocksdb::WriteBatch batch;
  for (const std::string& mark : marks) batch.Delete(database_.column(Column::meta), mark);
  database_.write(batch, true);
}

}  // namespace salus::node
