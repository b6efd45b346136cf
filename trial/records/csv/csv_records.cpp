#include "trial/records/csv/csv_records.h"

#include <strings.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <exception>
#include <optional>
#include <vector>

#include "trial/records/csv/structural_scan.h"
#include "trial/records/input_stream.h"

namespace salus::trial {
namespace {

using csv::StructuralScan;

constexpr std::size_t kPiece = std::size_t{512} << 10;
constexpr std::size_t kBatchRecords = 4096;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

/// What a record's text turned out to be.
enum class Progress : std::uint8_t { complete, needs_more };

class CsvReader final : public RecordReader {
 public:
  CsvReader(files::Descriptor file, std::string name) : file_(std::move(file), std::move(name)) {}

  bool next(RecordBatch& batch) override;
  bool resume(std::uint64_t record, std::uint64_t offset) override;
  std::string_view canonical_form() const override { return kCsvForm; }

 private:
  struct Field {
    std::size_t begin;
    std::size_t end;
    bool escaped;  // holds "" for "
  };

  [[noreturn]] void fail(const std::string& what) const;
  void fill(RecordBatch& batch, bool more);
  void read_header();
  bool read_records(RecordBatch& batch);
  Progress read_record(const char* text, StructuralScan& scan, std::size_t& at);
  bool read_field(const char* text, StructuralScan& scan, std::size_t& at, bool& last);
  bool read_quoted(const char* text, StructuralScan& scan, std::size_t& at, bool& last);
  std::string_view value_of(char* text, const Field& field) const;
  void add_record(char* text, RecordBatch& batch) const;

  InputStream file_;
  char delimiter_ = ',';
  bool has_header_ = false;
  std::vector<std::string> names_;
  std::uint64_t next_record_ = 0;
  std::vector<char> rest_;         // read, and not delivered yet
  std::uint64_t rest_offset_ = 0;  // in the file, of rest_[0]
  bool ended_ = false;             // nothing more to read
  std::size_t text_size_ = 0;      // of the text that is being read
  std::vector<Field> fields_;      // of the record that is being read
  std::exception_ptr failure_;     // told when the records before it are delivered
};

void CsvReader::fail(const std::string& what) const {
  throw file_.fault((has_header_ ? "record " + std::to_string(next_record_) : "header") + ": " +
                    what);
}

/// Puts what is left into the batch, filled up to a piece or, for a record that needs `more`, with
/// another piece behind it.
void CsvReader::fill(RecordBatch& batch, bool more) {
  const std::size_t room = more ? kPiece : kPiece - std::min(kPiece, rest_.size());
  batch.text.resize(rest_.size() + room + StructuralScan::kSlack);
  if (!rest_.empty()) std::memcpy(batch.text.data(), rest_.data(), rest_.size());
  std::size_t got = 0;
  if (!ended_) got = file_.read(std::span(batch.text).subspan(rest_.size(), room));
  if (got < room) ended_ = true;
  text_size_ = rest_.size() + got;
}

/// A field from `at` on; false where the text ends before it does. `at` is then behind the field
/// and what ends it.
bool CsvReader::read_field(const char* text, StructuralScan& scan, std::size_t& at, bool& last) {
  if (at < text_size_ && text[at] == '"') return read_quoted(text, scan, at, last);
  const std::size_t end = scan.next(at);
  if (end == text_size_) {
    if (!ended_) return false;
    fields_.push_back({at, end, false});
    last = true;
    at = end;
    return true;
  }
  if (text[end] == '"') fail("a quote within a field that does not begin with one");
  last = text[end] == '\n';
  const bool carriage_return = last && end > at && text[end - 1] == '\r';
  fields_.push_back({at, carriage_return ? end - 1 : end, false});
  at = end + 1;
  return true;
}

bool CsvReader::read_quoted(const char* text, StructuralScan& scan, std::size_t& at, bool& last) {
  const std::size_t begin = at + 1;
  bool escaped = false;
  std::size_t quote = begin;
  for (;; ++quote) {
    quote = scan.next(quote);
    if (quote == text_size_) {
      if (ended_) fail("a quote that is not closed");
      return false;
    }
    if (text[quote] != '"') continue;
    if (quote + 1 == text_size_ && !ended_) return false;
    if (quote + 1 == text_size_ || text[quote + 1] != '"') break;
    escaped = true;
    ++quote;
  }
  fields_.push_back({begin, quote, escaped});
  std::size_t end = quote + 1;
  if (end < text_size_ && text[end] == '\r') {
    if (end + 1 == text_size_ && !ended_) return false;
    if (end + 1 < text_size_ && text[end + 1] == '\n') ++end;
  }
  last = end == text_size_ || text[end] == '\n';
  if (!last && text[end] != delimiter_) fail("text behind a closing quote");
  at = end == text_size_ ? end : end + 1;
  return true;
}

Progress CsvReader::read_record(const char* text, StructuralScan& scan, std::size_t& at) {
  fields_.clear();
  for (bool last = false; !last;) {
    if (fields_.size() == kMaxCsvFields)
      fail("has more than " + std::to_string(kMaxCsvFields) + " fields");
    if (!read_field(text, scan, at, last)) return Progress::needs_more;
  }
  return Progress::complete;
}

/// Takes escapes out where they lie, so that no other memory is needed.
std::string_view CsvReader::value_of(char* text, const Field& field) const {
  if (!field.escaped) return {text + field.begin, field.end - field.begin};
  char* to = text + field.begin;
  for (std::size_t i = field.begin; i < field.end; ++i) {
    *to++ = text[i];
    if (text[i] == '"') ++i;
  }
  return {text + field.begin, to};
}

/// How often each delimiter stands outside of quotes in the first record, which may go on behind
/// `text`.
char most_frequent_delimiter(std::string_view text) {
  constexpr std::array kDelimiters = {',', ';', '\t'};
  std::array<std::size_t, kDelimiters.size()> counts{};
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\n') break;
    for (std::size_t i = 0; i < kDelimiters.size(); ++i) counts[i] += c == kDelimiters[i] ? 1 : 0;
  }
  return kDelimiters[static_cast<std::size_t>(std::ranges::max_element(counts) - counts.begin())];
}

void CsvReader::read_header() {
  RecordBatch batch;
  for (;;) {
    fill(batch, true);
    char* const text = batch.text.data();
    std::size_t at =
        std::string_view(text, text_size_).starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
    if (ended_ && at == text_size_) fail("there is none: the file is empty");
    delimiter_ = most_frequent_delimiter({text + at, text_size_ - at});
    StructuralScan scan(text, text_size_, delimiter_);
    const Progress progress = read_record(text, scan, at);
    if (progress == Progress::complete) {
      for (const Field& field : fields_) names_.emplace_back(value_of(text, field));
      rest_.assign(text + at, text + text_size_);
      rest_offset_ = at;
      has_header_ = true;
      return;
    }
    if (text_size_ > kMaxCsvRecord) fail("is longer than 16 MiB");
    rest_.assign(text, text + text_size_);
  }
}

void CsvReader::add_record(char* text, RecordBatch& batch) const {
  if (fields_.size() != names_.size())
    fail("has " + std::to_string(fields_.size()) + " fields, the header has " +
         std::to_string(names_.size()));
  for (std::size_t i = 0; i < fields_.size(); ++i)
    batch.cells.push_back({names_[i], value_of(text, fields_[i])});
  batch.ends.push_back(static_cast<std::uint32_t>(batch.cells.size()));
}

/// Reads what is complete in the batch's text; false where that is nothing.
bool CsvReader::read_records(RecordBatch& batch) {
  char* const text = batch.text.data();
  StructuralScan scan(text, text_size_, delimiter_);
  std::size_t done = 0;
  batch.first = next_record_;
  batch.offset = rest_offset_;
  try {
    while (done < text_size_ && batch.size() < kBatchRecords) {
      std::size_t at = done;
      if (read_record(text, scan, at) == Progress::needs_more) break;
      if (at - done > kMaxCsvRecord) fail("is longer than 16 MiB");
      add_record(text, batch);
      ++next_record_;
      done = at;
    }
  } catch (const Error&) {
    if (batch.size() == 0) throw;
    failure_ = std::current_exception();
  }
  rest_.assign(text + done, text + text_size_);
  rest_offset_ += done;
  return batch.size() != 0;
}

bool CsvReader::next(RecordBatch& batch) {
  batch.clear();
  if (failure_) std::rethrow_exception(failure_);
  if (!has_header_) read_header();
  for (bool more = false;; more = true) {
    fill(batch, more);
    if (read_records(batch)) return true;
    if (ended_ && rest_.empty()) {
      batch.clear();
      return false;
    }
    if (rest_.size() > kMaxCsvRecord) fail("is longer than 16 MiB");
  }
}

bool CsvReader::resume(std::uint64_t record, std::uint64_t offset) {
  read_header();
  if (offset < rest_offset_) return false;
  file_.seek(offset);
  rest_.clear();
  rest_offset_ = offset;
  ended_ = false;
  next_record_ = record;
  return true;
}

bool ends_with(std::string_view path, std::string_view extension) {
  return path.size() > extension.size() && strncasecmp(path.data() + path.size() - extension.size(),
                                                       extension.data(), extension.size()) == 0;
}

}  // namespace

std::unique_ptr<RecordReader> open_csv(files::Descriptor file, std::string name) {
  return std::make_unique<CsvReader>(std::move(file), std::move(name));
}

std::string_view csv_form_of(std::string_view path, std::string_view beginning) {
  constexpr std::array<std::string_view, 3> kExtensions = {".csv", ".tsv", ".tab"};
  const bool named = std::ranges::any_of(
      kExtensions, [&](std::string_view extension) { return ends_with(path, extension); });
  const bool text = !beginning.empty() && beginning.find('\0') == std::string_view::npos;
  return named && text ? kCsvForm : std::string_view();
}

}  // namespace salus::trial
