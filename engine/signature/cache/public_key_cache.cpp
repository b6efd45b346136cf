#include "engine/signature/cache/public_key_cache.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <exception>
#include <system_error>
#include <tuple>
#include <utility>

#include "engine/log.h"

namespace salus::engine::signature {
namespace {

using namespace std::chrono_literals;

/// Uses are counted by one lookup in this many, for as many: cores that share a key would otherwise
/// pass its counter around with every signature.
constexpr std::uint32_t kCountOneIn = 8;

/// Sightings in a period for every table that there is room for. All that is counted is halved with
/// each period.
constexpr std::uint64_t kSightingsPerTable = 8;
constexpr std::uint64_t kLeastSightings = 4096;

/// Keys that may wait for their tables; more are turned away and ask again later.
constexpr std::size_t kMostPending = 4096;
/// Tables made at once. They can be used when all are ready.
constexpr std::size_t kMadeAtOnce = 64;
/// How long the first key waits for others to fill the lanes.
constexpr auto kGather = 2ms;

/// How often, and how long each time, a key waits for readers to leave an evicted table.
constexpr int kEvictionWaits = 40;
constexpr auto kEvictionWait = 500us;

/// Tables that are looked at to find a cold one.
constexpr int kSamples = 16;
/// A large table takes the place of about so many small ones.
constexpr double kSmallPerLarge = 8;
/// A large table replaces another only where it is used this much more: both are good already.
constexpr std::uint32_t kLargeMargin = 2;
/// What keys that were announced count for at first.
constexpr std::uint32_t kAnnouncedUses = 64;

constexpr std::uint64_t pack(std::uint64_t period, std::uint32_t uses) {
  return period << 32 | uses;
}

/// Uses as of `period`, halved for every one that has passed since they were counted.
std::uint32_t unpack(std::uint64_t packed, std::uint64_t period) {
  const std::uint64_t passed = (period - (packed >> 32)) & 0xffffffff;
  return passed < 32 ? static_cast<std::uint32_t>(packed) >> passed : 0;
}

bool one_in(std::uint32_t count) {
  thread_local std::uint32_t state = 0x9e3779b9;
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state % count == 0;
}

bool has_length(const KeyView& key) {
  return key.bytes.size() ==
         (key.algorithm == Algorithm::ed25519 ? kEd25519KeyBytes : kP256KeyBytes);
}

constexpr std::array kKinds = {TableKind{Algorithm::ed25519, TableSize::small},
                               TableKind{Algorithm::ed25519, TableSize::large},
                               TableKind{Algorithm::p256, TableSize::small},
                               TableKind{Algorithm::p256, TableSize::large}};

std::array<std::uint64_t, kTableKinds> table_bytes(const TableMaker& maker) {
  std::array<std::uint64_t, kTableKinds> bytes{};
  for (const TableKind kind : kKinds) bytes[kind.index()] = maker.cost(kind).bytes;
  return bytes;
}

}  // namespace

PublicKeyCache::Evicted::Evicted(TableSlots& its_slots, std::unique_ptr<KeyTable> its_table)
    : slots(&its_slots), table(std::move(its_table)) {}

PublicKeyCache::Evicted::~Evicted() {
  if (table) slots->give_back(table->offset);
}

PublicKeyCache::Candidate::Candidate(const KeyView& view, TableSize wanted, std::uint64_t its_hash,
                                     std::uint32_t its_uses)
    : kind{view.algorithm, wanted}, hash(its_hash), uses(its_uses) {
  std::ranges::copy(view.bytes, key.begin());
}

KeyView PublicKeyCache::Candidate::view() const {
  const bool is_ed25519 = kind.algorithm == Algorithm::ed25519;
  return {kind.algorithm, Bytes(key).first(is_ed25519 ? kEd25519KeyBytes : kP256KeyBytes)};
}

PublicKeyCache::PublicKeyCache(TableMaker& maker, std::uint64_t bytes)
    : maker_(maker),
      slots_(bytes, table_bytes(maker)),
      index_(slots_.most_tables(), slots_.chunk_count()),
      counter_(slots_.most_tables()),
      sightings_a_period_(std::max(kLeastSightings, kSightingsPerTable * slots_.most_tables())) {}

PublicKeyCache::~PublicKeyCache() {
  {
    const std::scoped_lock lock(mutex_);
    is_stopping_ = true;
  }
  asked_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void PublicKeyCache::find(const Reader& /*reader*/, std::span<const KeyView> keys,
                          std::span<CachedKey> found) {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    found[i] = {index_.hash_of(keys[i]), TableSize::none, 0};
    index_.prefetch_bucket(found[i].hash);
  }
  for (const CachedKey& key : found.first(keys.size())) index_.prefetch_table(key.hash);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    KeyTable* const table = index_.find(keys[i], found[i].hash);
    if (table == nullptr) continue;
    found[i].size = table->kind.size;
    found[i].offset = table->offset;
    if (one_in(kCountOneIn)) count_use(*table);
  }
}

void PublicKeyCache::count_sightings(std::uint64_t count) {
  const std::uint64_t before = sightings_.fetch_add(count, std::memory_order_relaxed);
  if (before / sightings_a_period_ != (before + count) / sightings_a_period_)
    period_.fetch_add(1, std::memory_order_relaxed);
}

std::uint32_t PublicKeyCache::uses_of(const KeyTable& table) const {
  return unpack(table.uses.load(std::memory_order_relaxed),
                period_.load(std::memory_order_relaxed));
}

double PublicKeyCache::uses_that_pay(TableKind kind) const {
  const TableCost cost = maker_.cost(kind);
  return std::max(2.0, cost.making / cost.gain);
}

void PublicKeyCache::count_use(KeyTable& table) {
  const std::uint64_t period = period_.load(std::memory_order_relaxed);
  const std::uint32_t uses = uses_of(table) + kCountOneIn;
  table.uses.store(pack(period, uses), std::memory_order_relaxed);
  count_sightings(kCountOneIn);
  const TableKind larger{table.kind.algorithm, TableSize::large};
  if (table.kind.size == TableSize::large || slots_.tables_a_chunk(larger) == 0 ||
      uses < uses_that_pay(larger))
    return;
  if (table.asked_in.exchange(period, std::memory_order_relaxed) == period) return;
  const Bytes key = table.kind.algorithm == Algorithm::ed25519
                        ? Bytes(table.key).first(kEd25519KeyBytes)
                        : Bytes(table.key);
  ask({{table.kind.algorithm, key}, TableSize::large, table.hash, uses});
}

void PublicKeyCache::count_valid(const KeyView& key, const CachedKey& found) {
  if (slots_.tables_a_chunk({key.algorithm, TableSize::small}) == 0) return;
  count_sightings(1);
  const std::uint32_t uses = counter_.count(found.hash, period_.load(std::memory_order_relaxed));
  const auto pay =
      static_cast<std::uint32_t>(std::ceil(uses_that_pay({key.algorithm, TableSize::small})));
  if (uses % pay == 0) ask({key, TableSize::small, found.hash, uses});
}

void PublicKeyCache::ask(Candidate candidate) {
  const std::scoped_lock lock(mutex_);
  if (is_broken_ || pending_.size() >= kMostPending) return;
  try {
    if (!thread_.joinable()) thread_ = std::thread([this] { make_until_stopped(); });
  } catch (const std::system_error&) {
    return;  // without tables verification is slower, and nothing else
  }
  pending_.push_back(std::move(candidate));
  asked_.notify_one();
}

void PublicKeyCache::add(std::span<const KeyView> keys) {
  std::uint64_t large_bytes = 0;
  for (const KeyView& key : keys)
    large_bytes += maker_.cost({key.algorithm, TableSize::large}).bytes;
  const bool all_large =
      contents().bytes + large_bytes + large_bytes / 8 <= slots_.bytes();  // an eighth for gaps
  const std::scoped_lock lock(making_);
  Candidates some;
  for (const KeyView& key : keys) {
    const bool has_large = slots_.tables_a_chunk({key.algorithm, TableSize::large}) != 0;
    const TableSize size = all_large && has_large ? TableSize::large : TableSize::small;
    if (!has_length(key) || slots_.tables_a_chunk({key.algorithm, size}) == 0) continue;
    some.emplace_back(key, size, index_.hash_of(key), kAnnouncedUses);
    if (some.size() == kMostPending) make_tables(std::exchange(some, {}));
  }
  make_tables(std::move(some));
}

void PublicKeyCache::wait_until_idle() {
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [this] { return pending_.empty() && !is_making_; });
}

PublicKeyCache::Contents PublicKeyCache::contents() {
  const std::scoped_lock lock(making_);
  Contents contents;
  for (std::size_t chunk = 0; chunk < index_.chunk_count(); ++chunk)
    for (const auto& table : index_.chunk(chunk)) {
      contents.bytes += maker_.cost(table->kind).bytes;
      ++(table->kind.size == TableSize::large ? contents.large_tables : contents.small_tables);
    }
  return contents;
}

void PublicKeyCache::make_until_stopped() {
  std::unique_lock lock(mutex_);
  for (;;) {
    asked_.wait(lock, [this] { return is_stopping_ || !pending_.empty(); });
    asked_.wait_for(lock, kGather,
                    [this] { return is_stopping_ || pending_.size() >= kMadeAtOnce; });
    if (is_stopping_) return;
    Candidates candidates = std::exchange(pending_, {});
    is_making_ = true;
    lock.unlock();
    try {
      const std::scoped_lock making(making_);
      make_tables(std::move(candidates));
    } catch (const std::exception& error) {
      logging::warn("no more tables of keys are made: {}", error.what());
      const std::scoped_lock broken(mutex_);
      is_broken_ = true;
      pending_.clear();
    }
    lock.lock();
    is_making_ = false;
    idle_.notify_all();
  }
}

/// Drops keys that occur twice or have as good a table already.
void PublicKeyCache::keep_wanted(Candidates& candidates) const {
  std::ranges::sort(candidates, [](const Candidate& a, const Candidate& b) {
    return std::tie(a.hash, a.kind.size, a.uses) > std::tie(b.hash, b.kind.size, b.uses);
  });
  const auto same =
      std::unique(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
        return a.kind.algorithm == b.kind.algorithm && a.key == b.key;
      });
  candidates.erase(same, candidates.end());
  std::erase_if(candidates, [this](const Candidate& candidate) {
    const KeyTable* table = index_.find(candidate.view(), candidate.hash);
    return table != nullptr && table->kind.size >= candidate.kind.size;
  });
  std::ranges::sort(candidates, std::ranges::greater{}, &Candidate::uses);
}

void PublicKeyCache::make_tables(Candidates candidates) {
  keep_wanted(candidates);
  place_and_make(candidates);
  // The others are given the places of colder tables, as soon as readers have left those.
  std::array<std::size_t, kTableKinds> coming{};
  std::erase_if(candidates, [&](const Candidate& candidate) {
    std::size_t& places = coming[candidate.kind.index()];
    if (places == 0) places = evict_for(candidate);
    return places == 0 || (--places, false);
  });
  for (int wait = 0; !candidates.empty() && wait < kEvictionWaits; ++wait) {
    if (epochs_.collect()) std::this_thread::sleep_for(kEvictionWait);
    place_and_make(candidates);
  }
}

/// Takes those away for which there is a place, and makes their tables.
void PublicKeyCache::place_and_make(Candidates& candidates) {
  epochs_.collect();
  for (const TableKind kind : kKinds) {
    Candidates placed;
    std::vector<std::uint64_t> offsets;
    std::erase_if(candidates, [&](const Candidate& candidate) {
      const auto offset = candidate.kind == kind ? slots_.take(kind) : std::nullopt;
      if (!offset) return false;
      placed.push_back(candidate);
      offsets.push_back(*offset);
      return true;
    });
    for (std::size_t begin = 0; begin < placed.size(); begin += kMadeAtOnce) {
      const std::size_t count = std::min(kMadeAtOnce, placed.size() - begin);
      make_some(kind, std::span(placed).subspan(begin, count),
                std::span(offsets).subspan(begin, count));
    }
  }
}

void PublicKeyCache::make_some(TableKind kind, std::span<const Candidate> candidates,
                               std::span<const std::uint64_t> offsets) {
  std::vector<Bytes> keys;
  for (const Candidate& candidate : candidates) keys.push_back(candidate.view().bytes);
  const std::vector<bool> is_point = maker_.make(kind, keys, offsets);
  const std::uint64_t period = period_.load(std::memory_order_relaxed);
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (!is_point[i]) {
      slots_.give_back(offsets[i]);
      continue;
    }
    const Candidate& candidate = candidates[i];
    KeyTable* const smaller = index_.find(candidate.view(), candidate.hash);
    auto table =
        std::make_unique<KeyTable>(candidate.view(), kind.size, candidate.hash, offsets[i]);
    table->uses.store(pack(period, candidate.uses), std::memory_order_relaxed);
    index_.link(std::move(table), slots_.chunk_of(offsets[i]));
    if (smaller != nullptr) evict(*smaller);
  }
}

/// Makes places for this candidate's kind by evicting what is used less than it. Returns how many
/// there will be.
std::size_t PublicKeyCache::evict_for(const Candidate& candidate) {
  const bool is_large = candidate.kind.size == TableSize::large;
  KeyTable* const table = coldest(candidate.kind);
  const std::uint32_t least = table == nullptr ? candidate.uses : uses_of(*table);
  if (!is_large && evict_chunk(candidate.kind, std::min(least, candidate.uses)))
    return slots_.tables_a_chunk(candidate.kind);
  if (table == nullptr || least * (is_large ? kLargeMargin : 1) >= candidate.uses) return 0;
  evict(*table);
  return 1;
}

/// The least used of some tables of this kind.
KeyTable* PublicKeyCache::coldest(TableKind kind) {
  KeyTable* coldest = nullptr;
  for (int sample = 0; sample < kSamples; ++sample) {
    const KeyIndex::Tables& tables = index_.chunk(random_() % index_.chunk_count());
    if (tables.empty() || tables.front()->kind != kind) continue;
    KeyTable* const table = tables[random_() % tables.size()].get();
    if (coldest == nullptr || uses_of(*table) < uses_of(*coldest)) coldest = table;
  }
  return coldest;
}

/// What a chunk's tables are used on average, by the room of a small one.
double PublicKeyCache::uses_of_chunk(std::size_t chunk) const {
  const KeyIndex::Tables& tables = index_.chunk(chunk);
  double uses = 0;
  for (const auto& table : tables) uses += uses_of(*table);
  uses /= static_cast<double>(tables.size());
  return tables.front()->kind.size == TableSize::large ? uses / kSmallPerLarge : uses;
}

/// Empties a chunk of another kind whose tables are used less than `uses`. What was used much in it
/// comes back by its next signatures.
bool PublicKeyCache::evict_chunk(TableKind kind, double uses) {
  std::optional<std::size_t> coldest;
  for (int sample = 0; sample < kSamples; ++sample) {
    const std::size_t chunk = random_() % index_.chunk_count();
    if (index_.chunk(chunk).empty() || index_.chunk(chunk).front()->kind == kind) continue;
    const double uses_here = uses_of_chunk(chunk);
    if (uses_here >= uses) continue;
    uses = uses_here;
    coldest = chunk;
  }
  if (!coldest) return false;
  while (!index_.chunk(*coldest).empty()) evict(*index_.chunk(*coldest).front());
  return true;
}

void PublicKeyCache::evict(KeyTable& table) {
  epochs_.retire({slots_, index_.unlink(table, slots_.chunk_of(table.offset))});
}

}  // namespace salus::engine::signature
