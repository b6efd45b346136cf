#include "trial/records/record_difference.h"

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "engine/cpu/block_hasher.h"
#include "engine/error.h"
#include "trial/records/difference/cell_differences.h"
#include "trial/records/difference/record_matcher.h"
#include "trial/records/key_variables.h"
#include "trial/records/record_hasher.h"
#include "trial/records/record_pipeline.h"
#include "trial/records/record_reader.h"
#include "trial/records/sealed_index.h"

namespace salus::trial {
namespace {

using Change = Place::Change;

/// Places in the order in which they are found, up to a limit; those of a record can be taken back.
class PlaceList {
 public:
  PlaceList(RecordDifference& out, std::size_t most) : out_(out), most_(most) {}

  [[nodiscard]] bool is_full() const { return out_.places.size() >= most_; }
  void add(Place place) {
    if (is_full())
      ++out_.more_places;
    else
      out_.places.push_back(std::move(place));
  }

  /// How a record differs from a sealed one. There is room for the first of `places` at least.
  void add_differences(std::uint64_t sealed, std::vector<Place> places) {
    const std::size_t begin = out_.places.size();
    for (Place& place : places) add(std::move(place));
    told_[sealed] = {begin, out_.places.size()};
  }

  /// A record that was taken for that sealed one was added instead.
  void is_added(std::uint64_t sealed) {
    const auto told = told_.find(sealed);
    if (told == told_.end()) return;
    Place& first = out_.places[told->second.first];
    first.kind = Place::Kind::record;
    first.change = Change::added;
    first.variable.clear();
    ++told->second.first;
    take_back(sealed);
  }
  /// Its differences are not those.
  void take_back(std::uint64_t sealed) {
    const auto told = told_.find(sealed);
    if (told == told_.end()) return;
    for (std::size_t i = told->second.first; i < told->second.second; ++i) taken_back_.push_back(i);
    told_.erase(told);
  }

  /// What was found goes into the order of the file.
  void sort() {
    remove_taken_back();
    std::ranges::stable_sort(out_.places, {}, &Place::index);
    told_.clear();
  }

 private:
  void remove_taken_back() {
    std::ranges::sort(taken_back_);
    std::size_t to = 0;
    auto next = taken_back_.begin();
    for (std::size_t i = 0; i < out_.places.size(); ++i) {
      if (next != taken_back_.end() && *next == i) {
        ++next;
        continue;
      }
      if (to != i) out_.places[to] = std::move(out_.places[i]);
      ++to;
    }
    out_.places.resize(to);
    taken_back_.clear();
  }

  RecordDifference& out_;
  std::size_t most_;
  std::unordered_map<std::uint64_t, std::pair<std::size_t, std::size_t>> told_;
  std::vector<std::size_t> taken_back_;
};

class Comparison {
 public:
  Comparison(const RecordIndex& index, const FileKey& key, std::vector<Layout> layouts,
             const engine::cpu::BlockHasher& hasher, const RecordCompareRequest& request)
      : index_(index),
        hasher_(key, hasher),
        max_places_(request.max_places),
        places_(out_, request.max_places) {
    if (index.has_cells()) cells_.emplace(index, key, std::move(layouts));
  }

  /// Takes the next batch; by how much sealed numbers are ahead of the file's behind it.
  std::int64_t take(const HashedBatch& hashed);

  RecordDifference finish(std::string fault);

 private:
  struct Placed {
    std::uint32_t place;  // in the batch
    std::uint64_t sealed;
  };
  /// A record that is not where it is expected: it was moved, or it was changed so that it is like
  /// another one, which is still to come.
  struct Jump {
    std::uint64_t found;
    std::string key;
    std::optional<std::uint64_t> instead;
    std::vector<Place> differences;  // from the one that is expected
  };

  [[nodiscard]] std::size_t unchanged_front(const HashedBatch& hashed);
  void match(const HashedBatch& hashed, std::size_t from);
  void match_one(const HashedBatch& hashed, std::uint32_t place);
  void outdo(const Match& match);
  void check_placed(const HashedBatch& hashed);
  void differs(const RecordBatch& batch, std::uint32_t place, std::uint64_t sealed);
  [[nodiscard]] std::vector<Place> differences(const RecordBatch& batch, std::uint32_t place,
                                               std::uint64_t sealed);
  void add_record(Change change, std::uint64_t number, std::string key);
  void note_jump(const RecordBatch& batch, std::uint32_t place, const Match& match);
  void add_moved();
  void add_removed(std::uint64_t from);
  const Digest& sealed_leaf(std::uint64_t sealed);

  const RecordIndex& index_;
  RecordHasher hasher_;
  std::size_t max_places_;
  RecordDifference out_;
  PlaceList places_;
  std::optional<CellDifferences> cells_;
  std::optional<RecordMatcher> matcher_;  // once something differs
  std::vector<Placed> placed_;            // of the batch: same content, but hashed elsewhere
  std::unordered_map<std::uint64_t, Jump> jumps_;  // by sealed number
  std::optional<std::uint64_t> block_;             // whose leaves these are
  std::vector<Digest> leaves_;
};

const Digest& Comparison::sealed_leaf(std::uint64_t sealed) {
  const std::uint64_t block = sealed / RecordIndex::kBlockRecords;
  if (block_ != block) {
    block_.reset();
    index_.read_leaves(block, leaves_);
    block_ = block;
  }
  return leaves_[sealed % RecordIndex::kBlockRecords];
}

std::string key_of(const RecordBatch& batch, std::uint32_t place) {
  const std::span<const Cell> record = batch.record(place);
  return describe_key(batch.dataset, record, key_variables(record));
}

void Comparison::add_record(Change change, std::uint64_t number, std::string key) {
  places_.add({Place::Kind::record, change, number, std::move(key), {}});
}

/// As long as nothing was different: records up to the first that is no longer the sealed one.
std::size_t Comparison::unchanged_front(const HashedBatch& hashed) {
  const std::uint64_t first = hashed.batch.first;
  const std::size_t count = hashed.batch.size();
  std::size_t i = 0;
  while (i < count && first + i < index_.size() && hashed.leaves[i] == sealed_leaf(first + i)) ++i;
  return i;
}

std::int64_t Comparison::take(const HashedBatch& hashed) {
  const RecordBatch& batch = hashed.batch;
  std::size_t from = 0;
  if (!matcher_) {
    from = unchanged_front(hashed);
    if (from < batch.size()) matcher_.emplace(index_, batch.first + from);
  }
  out_.records += batch.size();
  if (!matcher_) return 0;
  match(hashed, from);
  return static_cast<std::int64_t>(matcher_->expected() - out_.records);
}

void Comparison::match(const HashedBatch& hashed, std::size_t from) {
  placed_.clear();
  for (std::size_t i = from; i < hashed.batch.size(); ++i)
    match_one(hashed, static_cast<std::uint32_t>(i));
  check_placed(hashed);
}

void Comparison::match_one(const HashedBatch& hashed, std::uint32_t place) {
  const RecordBatch& batch = hashed.batch;
  const std::uint64_t expected = matcher_->expected();
  const Match match = matcher_->next(hashed.contents[place], hashed.keys[place]);
  outdo(match);
  if (match.by != MatchBy::nothing && match.sealed != expected) note_jump(batch, place, match);
  switch (match.by) {
    case MatchBy::nothing:
      ++out_.added;
      add_record(Change::added, batch.first + place, places_.is_full() ? "" : key_of(batch, place));
      break;
    case MatchBy::position:
    case MatchBy::key: differs(batch, place, match.sealed); break;
    case MatchBy::elsewhere:
    case MatchBy::content:
      if (match.sealed != hashed.index + place)
        placed_.push_back({place, match.sealed});
      else if (hashed.leaves[place] != sealed_leaf(match.sealed))
        differs(batch, place, match.sealed);
      break;
  }
}

/// Says anew what the record is that was taken for the sealed one before: a change of the one that
/// was expected in its place, or one that was added.
void Comparison::outdo(const Match& match) {
  if (match.outdone == MatchBy::nothing) return;
  const bool had_changed = match.outdone != MatchBy::elsewhere;
  const auto noted = jumps_.find(match.sealed);
  std::optional<Jump> jump;
  if (noted != jumps_.end()) {
    jump = std::move(noted->second);
    jumps_.erase(noted);
  }
  if (jump && jump->instead && matcher_->claim(*jump->instead)) {
    if (had_changed)
      places_.take_back(match.sealed);
    else
      ++out_.changed;
    if (places_.is_full())
      ++out_.more_places;
    else
      places_.add_differences(*jump->instead, std::move(jump->differences));
    return;
  }
  ++out_.added;
  if (had_changed) {
    --out_.changed;
    places_.is_added(match.sealed);
  } else if (jump) {
    add_record(Change::added, jump->found, std::move(jump->key));
  } else {
    ++out_.more_places;
  }
}

/// Fingerprints find records; their leaves, under the numbers that they were sealed as, decide.
void Comparison::check_placed(const HashedBatch& hashed) {
  if (placed_.empty()) return;
  std::vector<NumberedRecord> records;
  for (const Placed& placed : placed_) records.push_back({placed.place, placed.sealed});
  std::vector<Digest> leaves(records.size());
  hasher_.leaves(hashed.batch, records, leaves, {});
  for (std::size_t i = 0; i < records.size(); ++i)
    if (leaves[i] != index_.read_leaf(placed_[i].sealed))
      differs(hashed.batch, placed_[i].place, placed_[i].sealed);
}

void Comparison::differs(const RecordBatch& batch, std::uint32_t place, std::uint64_t sealed) {
  ++out_.changed;
  if (places_.is_full())
    ++out_.more_places;
  else
    places_.add_differences(sealed, differences(batch, place, sealed));
}

/// The variables, or the record where none can be named.
std::vector<Place> Comparison::differences(const RecordBatch& batch, std::uint32_t place,
                                           std::uint64_t sealed) {
  const std::uint64_t number = batch.first + place;
  const std::string key = key_of(batch, place);
  std::vector<CellDifference> variables;
  if (cells_) variables = cells_->of(batch.record(place), sealed);
  std::vector<Place> places;
  if (variables.empty()) places.push_back({Place::Kind::record, Change::changed, number, key, {}});
  for (CellDifference& variable : variables)
    places.push_back(
        {Place::Kind::variable, variable.change, number, key, std::move(variable.variable)});
  return places;
}

void Comparison::note_jump(const RecordBatch& batch, std::uint32_t place, const Match& match) {
  // More than places: some turn out not to have moved, but others around them.
  if (jumps_.size() >= 2 * max_places_) return;
  Jump jump{batch.first + place, key_of(batch, place), match.instead, {}};
  if (match.instead) jump.differences = differences(batch, place, *match.instead);
  jumps_.insert_or_assign(match.sealed, std::move(jump));
}

void Comparison::add_moved() {
  for (const Run& run : moved_runs(matcher_->runs())) {
    out_.moved += run.length;
    for (std::uint64_t i = 0; i < run.length; ++i) {
      const auto jump = jumps_.find(run.sealed + i);
      add_record(Change::moved, run.found + i, jump == jumps_.end() ? "" : jump->second.key);
    }
  }
}

void Comparison::add_removed(std::uint64_t from) {
  for (std::uint64_t i = from; i < index_.size(); ++i) {
    if (matcher_ && matcher_->is_matched(i)) continue;
    ++out_.removed;
    add_record(Change::removed, i, {});
  }
}

RecordDifference Comparison::finish(std::string fault) {
  out_.fault = std::move(fault);
  if (matcher_) {
    matcher_->end();
    places_.sort();
    add_moved();
  }
  // Of a file that could not be read to its end nobody knows what would have come.
  if (out_.fault.empty()) add_removed(matcher_ ? 0 : out_.records);
  out_.equal = out_.fault.empty() && out_.records == index_.size() &&
               out_.changed + out_.added + out_.removed + out_.moved == 0;
  return std::move(out_);
}

}  // namespace

RecordDifference compare_records(files::Descriptor file, const RecordIndex& index,
                                 StudySecretBytes secret, const RecordCompareRequest& request,
                                 const engine::JobControl& control) {
  require_sealed_index(index, request.sealed);
  index.check();
  const FileKey key(secret, request.sealed.canonical_form, request.path);
  const engine::cpu::BlockHasher hasher(request.cpu);
  Comparison comparison(index, key, sealed_layouts(index, key), hasher, request);
  const auto reader = open_records(request.sealed.canonical_form, std::move(file), request.path);
  RecordPipeline pipeline(*reader, key, hasher, {.threads = request.cpu.threads, .cells = false});
  bool of_index = false;  // whether what is thrown speaks of the index, not of the file
  try {
    pipeline.run(
        [&](HashedBatch& hashed) {
          of_index = true;
          pipeline.set_shift(comparison.take(hashed));
          of_index = false;
        },
        control);
  } catch (const Error& error) {
    if (of_index || error.kind() != ErrorKind::input) throw;
    return comparison.finish(error.what());
  }
  return comparison.finish({});
}

}  // namespace salus::trial
