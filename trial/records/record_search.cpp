#include "trial/records/record_search.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <future>
#include <limits>
#include <memory>
#include <string_view>
#include <system_error>

#include "engine/cpu/cpu_info.h"
#include "engine/error.h"
#include "trial/records/json/canonical_json.h"
#include "trial/records/json/json_records.h"
#include "trial/records/record_reader.h"

namespace salus::trial {
namespace {

/// Conditions as they stand in cells of this form: people write text without JSON's quotes.
struct CellCondition {
  std::string_view name;
  std::string_view value;
  std::string quoted;  ///< In forms of JSON; empty in others.
};

std::vector<CellCondition> cell_conditions(std::span<const Condition> conditions,
                                           std::string_view canonical_form) {
  std::vector<CellCondition> out;
  for (const auto& [name, value] : conditions) {
    CellCondition& condition = out.emplace_back(CellCondition{name, value, {}});
    if (is_json_form(canonical_form)) append_json_string(condition.quoted, value);
  }
  return out;
}

/// Whether a record has every variable with its text; which variables it has is noted in `known`.
bool meets(std::span<const Cell> record, std::span<const CellCondition> conditions,
           std::vector<bool>& known) {
  bool all = true;
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    const CellCondition& condition = conditions[i];
    const auto cell = std::ranges::find(record, condition.name, &Cell::name);
    if (cell != record.end()) known[i] = true;
    all = all && cell != record.end() &&
          (cell->value == condition.value ||
           (!condition.quoted.empty() && cell->value == condition.quoted));
  }
  return all;
}

/// Some records in a row, and who reads them.
struct Part {
  std::unique_ptr<RecordReader> reader;
  std::uint64_t end = std::numeric_limits<std::uint64_t>::max();  ///< The first one after them.
};

std::unique_ptr<RecordReader> reader_of(const files::Descriptor& file, const RecordSearch& search) {
  files::Descriptor copy(fcntl(file.number(), F_DUPFD_CLOEXEC, 0));
  if (!copy.is_open())
    throw Error(ErrorKind::system, search.path + ": " + std::generic_category().message(errno));
  return open_records(search.canonical_form, std::move(copy), search.path);
}

/// One for each thread, as far as the index knows places to begin at; the whole file, where the
/// reader finds that a place is none.
std::vector<Part> parts_of(const files::Descriptor& file, const RecordSearch& search) {
  std::vector<Part> parts;
  parts.push_back({reader_of(file, search)});
  if (search.index == nullptr) return parts;
  const std::uint64_t wanted = search.threads != 0 ? search.threads : engine::cpu::usable_cores();
  std::uint64_t last_begin = 0;
  for (std::uint64_t i = 1; i < wanted; ++i) {
    const auto place = search.index->restart_before(search.index->size() / wanted * i);
    if (!place || place->record <= last_begin) continue;
    Part part{reader_of(file, search)};
    if (!part.reader->resume(place->record, place->offset)) {
      parts.resize(1);
      parts.front().end = Part().end;
      break;
    }
    parts.back().end = last_begin = place->record;
    parts.push_back(std::move(part));
  }
  return parts;
}

struct Found {
  std::vector<std::uint64_t> records;
  std::vector<bool> known;  ///< Of each condition, whether a record has the variable.
};

Found search_part(const Part& part, std::span<const CellCondition> conditions, std::size_t limit) {
  Found found{{}, std::vector<bool>(conditions.size())};
  RecordBatch batch;
  while (found.records.size() < limit && part.reader->next(batch) && batch.first < part.end) {
    const auto size =
        static_cast<std::size_t>(std::min<std::uint64_t>(batch.size(), part.end - batch.first));
    for (std::size_t i = 0; i < size && found.records.size() < limit; ++i)
      if (meets(batch.record(i), conditions, found.known)) found.records.push_back(batch.first + i);
  }
  return found;
}

}  // namespace

std::vector<std::uint64_t> find_records(const files::Descriptor& file, const RecordSearch& search) {
  const std::vector<CellCondition> conditions =
      cell_conditions(search.conditions, search.canonical_form);
  const std::vector<Part> parts = parts_of(file, search);
  std::vector<std::future<Found>> others;
  for (std::size_t i = 1; i < parts.size(); ++i)
    others.push_back(std::async(
        std::launch::async, [&, i] { return search_part(parts[i], conditions, search.limit); }));
  Found all = search_part(parts.front(), conditions, search.limit);
  for (std::future<Found>& other : others) {
    const Found more = other.get();
    all.records.insert(all.records.end(), more.records.begin(), more.records.end());
    for (std::size_t i = 0; i < conditions.size(); ++i)
      all.known[i] = all.known[i] || more.known[i];
  }
  if (all.records.size() >= search.limit) {
    all.records.resize(search.limit);
    return all.records;
  }
  for (std::size_t i = 0; i < conditions.size(); ++i)
    if (!all.known[i])
      throw Error(ErrorKind::usage,
                  search.path + ": no record has a variable " + search.conditions[i].first);
  return all.records;
}

}  // namespace salus::trial
