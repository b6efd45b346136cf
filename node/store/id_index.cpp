#include "node/store/id_index.h"

#include <rocksdb/sst_file_writer.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "engine/error.h"
#include "node/store/file.h"
#include "node/store/keys.h"

namespace salus::node {

namespace {

constexpr const char* kInRuns = "ids-in-runs";  // In column meta: a height.
constexpr const char* kRunFile = "new-run.sst";
constexpr std::size_t kPrefixBytes = 8;

FixedKey<16> run_key(std::uint64_t prefix, Position at) {
  FixedKey<16> key;
  store_big(key.data(), prefix);
  store_big(key.data() + 8, at.height);
  store_big(key.data() + 12, at.index);
  return key;
}

}  // namespace

IdIndex::IdIndex(Database& database, std::filesystem::path folder, std::size_t ids_per_run,
                 std::optional<Height> tip)
    : database_(database),
      folder_(std::move(folder)),
      ids_per_run_(std::max<std::size_t>(ids_per_run, 1)) {
  if (const auto value = database_.get(Column::meta, kInRuns); value && value->size() == 4) {
    in_runs_ = load_big<Height>(bytes_of(*value).data());
  }
  builder_ = std::jthread([this](const std::stop_token& stop) { build_runs(stop); });
  if (tip) load(in_runs_, *tip);
}

std::uint64_t IdIndex::prefix_of(const Digest& id) { return load_big<std::uint64_t>(id.data()); }

void IdIndex::add_list(Lists& lists, std::vector<Entry> list) {
  while (!lists.empty() && lists.back().size() <= 2 * list.size()) {
    std::vector<Entry> merged(lists.back().size() + list.size());
    std::ranges::merge(lists.back(), list, merged.begin());
    lists.pop_back();
    list = std::move(merged);
  }
  lists.push_back(std::move(list));
}

void IdIndex::find_in(const Lists& lists, std::uint64_t prefix, std::vector<Position>& found) {
  for (const auto& list : lists) {
    for (const Entry& entry : std::ranges::equal_range(list, prefix, {}, &Entry::prefix)) {
      found.push_back(entry.at);
    }
  }
}

void IdIndex::load(Height from, Height tip) {
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  const auto entries = database_.iterate(Column::statement_ids, options);
  Height height = from;
  std::vector<Digest> ids;
  const auto add_block = [&] {
    add(height, ids);
    ids.clear();
  };
  for (entries->Seek(height_key(from)); entries->Valid(); entries->Next()) {
    const Height of = load_position(bytes_of(entries->key()).data()).height;
    if (of > tip) break;
    for (; height < of; ++height) add_block();
    const Bytes value = bytes_of(entries->value());
    const std::size_t at = ids.size();
    ids.resize(at + value.size() / sizeof(Digest));
    std::memcpy(ids.data() + at, value.data(), value.size() / sizeof(Digest) * sizeof(Digest));
  }
  database_.check_end(*entries);
  for (; height <= tip; ++height) add_block();
}

void IdIndex::add(Height height, std::span<const Digest> ids) {
  std::vector<Entry> list;
  list.reserve(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    list.push_back({prefix_of(ids[i]), {height, static_cast<std::uint32_t>(i)}});
  }
  std::ranges::sort(list);

  std::unique_lock lock(mutex_);
  if (!failure_.empty()) throw Error(ErrorKind::system, failure_);
  active_ids_ += list.size();
  add_list(active_, std::move(list));
  active_end_ = height + 1;
  if (active_ids_ < ids_per_run_) return;
  changed_.wait(lock, [this] { return sealed_.empty() || !failure_.empty(); });
  if (!failure_.empty()) throw Error(ErrorKind::system, failure_);
  seal();
}

void IdIndex::seal() {
  sealed_ = std::exchange(active_, {});
  sealed_end_ = active_end_;
  active_ids_ = 0;
  changed_.notify_all();
}

std::unique_lock<std::mutex> IdIndex::lower(Height height, rocksdb::WriteBatch& batch) {
  std::unique_lock lock(mutex_);
  in_runs_ = std::min(in_runs_, height);
  sealed_end_ = std::min(sealed_end_, height);
  active_end_ = std::min(active_end_, height);
  batch.Put(database_.column(Column::meta), kInRuns, height_key(in_runs_));
  return lock;
}

std::vector<Position> IdIndex::candidates(const Digest& id) const {
  const std::uint64_t prefix = prefix_of(id);
  std::vector<Position> found;
  {
    const std::lock_guard lock(mutex_);
    find_in(active_, prefix, found);
    find_in(sealed_, prefix, found);
  }
  // After memory: what moved from there to a run meanwhile is in the run.
  rocksdb::ReadOptions options;
  options.prefix_same_as_start = true;
  const auto entries = database_.iterate(Column::id_runs, options);
  const auto first = run_key(prefix, {});
  for (entries->Seek(first); entries->Valid(); entries->Next()) {
    const Bytes key = bytes_of(entries->key());
    if (!std::equal(first.begin(), first.begin() + kPrefixBytes, key.begin())) break;
    found.push_back(load_position(key.data() + kPrefixBytes));
  }
  database_.check_end(*entries);
  return found;
}

void IdIndex::build_runs(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  for (;;) {
    // What is not in a run when it stops is loaded at the next start.
    if (!changed_.wait(lock, stop, [this] { return !sealed_.empty(); })) return;
    if (stop.stop_requested()) return;
    const Lists lists = sealed_;
    lock.unlock();
    std::string failure;
    try {
      write_run(lists);
    } catch (const std::exception& error) {
      failure = error.what();
    }
    lock.lock();
    if (failure.empty()) {
      in_runs_ = std::max(in_runs_, sealed_end_);
      rocksdb::WriteBatch batch;
      batch.Put(database_.column(Column::meta), kInRuns, height_key(in_runs_));
      try {
        // Not synced: without it the same run is built once more after a crash.
        database_.write(batch, false);
      } catch (const std::exception& error) {
        failure = error.what();
      }
    }
    failure_ = failure;
    sealed_.clear();
    changed_.notify_all();
    if (!failure.empty()) return;
  }
}

void IdIndex::write_run(Lists lists) {
  std::vector<Entry> run;
  for (auto list = lists.rbegin(); list != lists.rend(); ++list) {
    std::vector<Entry> merged(run.size() + list->size());
    std::ranges::merge(run, *list, merged.begin());
    run = std::move(merged);
    std::vector<Entry>().swap(*list);
  }
  run.erase(std::unique(run.begin(), run.end()), run.end());
  if (run.empty()) return;

  const std::string file = (folder_ / kRunFile).string();
  // A process that was killed may have left the name as a second one of a table that RocksDB had
  // taken in: writing to it would destroy that table.
  if (::unlink(file.c_str()) != 0 && errno != ENOENT) throw FileError("delete", file, errno);
  auto* column = database_.column(Column::id_runs);
  rocksdb::SstFileWriter writer(rocksdb::EnvOptions(), database_.rocks().GetOptions(column),
                                column);
  database_.check(writer.Open(file), "write to");
  for (const Entry& entry : run) {
    database_.check(writer.Put(run_key(entry.prefix, entry.at), {}), "write to");
  }
  database_.check(writer.Finish(), "write to");
  database_.ingest_run(file);
}

std::size_t IdIndex::in_memory() const {
  const std::lock_guard lock(mutex_);
  std::size_t ids = 0;
  for (const Lists* lists : {&active_, &sealed_}) {
    for (const auto& list : *lists) ids += list.size();
  }
  return ids;
}

Height IdIndex::behind_from() const {
  const std::lock_guard lock(mutex_);
  return in_runs_;
}

}  // namespace salus::node
