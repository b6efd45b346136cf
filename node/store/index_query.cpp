#include "node/store/index_query.h"

#include <algorithm>

#include "engine/error.h"
#include "node/store/keys.h"
#include "node/store/postings.h"

namespace salus::node {

namespace {

constexpr std::size_t kMaxTermBytes = 255;
/// Statements that a page looks at, whether they fit or not: bounds the time that one call takes.
constexpr std::size_t kMaxLookedAt = std::size_t{1} << 18;

/// In which order hits come, and where one is against the cursor.
bool is_behind(const IndexHit& hit, const IndexHit& cursor, IndexKind kind) {
  if (kind == IndexKind::time && hit.time != cursor.time) return hit.time > cursor.time;
  return hit.at > cursor.at;
}

class Search {
 public:
  Search(const Database& database, const IndexQuery& query) : database_(database), query_(query) {}

  IndexPage run() {
    const auto entries = database_.iterate(Column::indexes);
    const std::string prefix = key_prefix();
    for (entries->Seek(start()); entries->Valid() && !full_; entries->Next()) {
      if (!entries->key().starts_with(prefix) || !read(entries->key(), entries->value())) break;
    }
    database_.check_end(*entries);
    return std::move(page_);
  }

 private:
  bool by_time() const { return query_.kind == IndexKind::time; }

  /// Of all keys that can hold hits.
  std::string key_prefix() const {
    if (by_time()) return {static_cast<char>(IndexKind::time)};
    return posting_prefix(query_.kind, query_.term);
  }

  /// The first key that can.
  std::string start() const {
    Height height = query_.height_from;
    std::int64_t time = query_.time_from;
    if (query_.after && by_time() && query_.after->time >= time) {
      time = query_.after->time;
      height = query_.after->at.height;
    } else if (query_.after && !by_time()) {
      height = std::max(height, query_.after->at.height);
    }
    std::string key = by_time() ? time_prefix(time) : key_prefix();
    const auto number = height_key(height);
    key.append(reinterpret_cast<const char*>(number.data()), number.size());
    return key;
  }

  /// Takes the hits of one entry; false when no later one can have any.
  bool read(const rocksdb::Slice& key, const rocksdb::Slice& value) {
    const Height height = posting_height(bytes_of(key));
    std::optional<std::int64_t> time;
    if (by_time()) {
      time = posting_time(bytes_of(key));
      if (*time > query_.time_to) return false;
      if (height < query_.height_from || height > query_.height_to)
        return look_at({*time, {height, 0}});
    } else if (height > query_.height_to) {
      return false;
    }
    PostingReader reader(bytes_of(value), height, time);
    while (const auto hit = reader.next()) {
      if (query_.after && !is_behind(*hit, *query_.after, query_.kind)) continue;
      if (full_) return false;
      if (hit->time >= query_.time_from && hit->time <= query_.time_to) page_.hits.push_back(*hit);
      look_at(*hit);
    }
    if (reader.damaged()) {
      throw Error(ErrorKind::input,
                  database_.folder().string() + " is damaged: a list of an index");
    }
    return true;
  }

  /// Ends the page at `hit` when it is full, or was enough work.
  bool look_at(const IndexHit& hit) {
    full_ = page_.hits.size() >= query_.limit || ++looked_at_ >= kMaxLookedAt;
    if (full_) page_.next = hit;
    return true;
  }

  const Database& database_;
  const IndexQuery& query_;
  IndexPage page_;
  std::size_t looked_at_ = 0;
  bool full_ = false;
};

}  // namespace

IndexPage find_statements(const Database& database, const IndexQuery& query) {
  if (query.term.size() > kMaxTermBytes) return {};  // Nothing that long is indexed.
  if (query.limit == 0) return {};
  return Search(database, query).run();
}

}  // namespace salus::node
