#include "trial/records/xpt/xpt_records.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "trial/records/xpt/ibm_number.h"
#include "trial/records/xpt/xpt_header.h"

namespace salus::trial {
namespace {

using xpt::kRecord;
using xpt::Member;
using xpt::Variable;
using xpt::Version;

/// Read at once; a multiple of 80.
constexpr std::size_t kPiece = 10'000 * kRecord;
constexpr std::size_t kBatchRecords = 4096;
/// Variables may have no bytes at all, so that bytes do not bound cells. One observation may have
/// more.
constexpr std::size_t kBatchCells = std::size_t{1} << 20;

bool is_blank(std::string_view text) {
  return text.find_first_not_of(' ') == std::string_view::npos;
}

/// Most columns are wider than what stands in them: blanks go eight at a time.
std::string_view without_blanks(std::string_view text) {
  constexpr std::uint64_t kBlanks = 0x2020'2020'2020'2020;
  std::size_t size = text.size();
  for (std::uint64_t word; size >= sizeof word; size -= sizeof word) {
    std::memcpy(&word, text.data() + size - sizeof word, sizeof word);
    if (word != kBlanks) break;
  }
  while (size > 0 && text[size - 1] == ' ') --size;
  return text.substr(0, size);
}

class XptReader final : public RecordReader {
 public:
  XptReader(Version version, files::Descriptor file, std::string name)
      : version_(version), file_(std::move(file), std::move(name)) {}

  bool next(RecordBatch& batch) override;
  bool resume(std::uint64_t record, std::uint64_t offset) override;
  std::string_view canonical_form() const override {
    return version_ == Version::v5 ? kXpt5Form : kXpt8Form;
  }

 private:
  void begin_member();
  void fill();
  void look_for_end(std::size_t from);
  std::size_t ready() const;
  std::size_t last_ready() const;
  void deliver(std::size_t count, RecordBatch& batch);
  void add_cells(const char* observation, RecordBatch& batch, char*& number_text) const;
  bool end_member();

  Version version_;
  InputStream file_;
  std::optional<Member> member_;  // the one whose observations come
  bool first_member_ = true;
  std::uint64_t next_record_ = 0;  // in the file
  std::uint64_t member_delivered_ = 0;
  // Bytes from the first observation that was not delivered on:
  std::vector<char> data_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;            // of the member's observations, as far as they were read
  bool complete_ = false;          // the member ends at end_
  std::size_t torn_ = 0;           // bytes of a record of 80 that the file ends within
  std::uint64_t data_offset_ = 0;  // in the file, of data_[0]
};

void XptReader::begin_member() {
  member_ = xpt::read_member(file_, version_);
  member_delivered_ = 0;
  data_.clear();
  begin_ = end_ = 0;
  complete_ = false;
  data_offset_ = file_.position();
}

/// Reads another piece behind what was not delivered yet.
void XptReader::fill() {
  data_.erase(data_.begin(), data_.begin() + static_cast<std::ptrdiff_t>(begin_));
  data_offset_ += begin_;
  begin_ = 0;
  const std::size_t kept = data_.size();
  data_.resize(kept + kPiece);
  const std::size_t got = file_.read(std::span(data_).subspan(kept));
  data_.resize(kept + got);
  torn_ = got % kRecord;
  complete_ = got < kPiece;
  end_ = data_.size();
  look_for_end(kept);
  if (member_->length == 0 && is_blank({data_.data() + begin_, end_ - begin_})) begin_ = end_;
}

/// The next member's header ends this one. Pieces are read in whole 80-byte records from the
/// member's first on, so `from` is the beginning of one.
void XptReader::look_for_end(std::size_t from) {
  for (std::size_t at = from; at + kRecord <= data_.size(); at += kRecord) {
    if (data_[at] != 'H' || !xpt::is_member_header({&data_[at], kRecord}, version_)) continue;
    end_ = at;
    complete_ = true;
    torn_ = 0;  // a later member is
    return;
  }
}

/// Observations that certainly are some: the last 80 bytes may be what fills a record up.
std::size_t XptReader::ready() const {
  const std::size_t bytes = end_ - begin_;
  if (member_->length == 0) return 0;
  if (complete_) return last_ready();
  return bytes < kRecord ? 0 : (bytes - kRecord) / member_->length;
}

/// Observations up to the member's end. When none are left, throws if it is cut off.
std::size_t XptReader::last_ready() const {
  const std::string_view bytes(data_.data() + begin_, end_ - begin_);
  const std::size_t length = member_->length;
  std::size_t count = bytes.size() / length;
  if (member_->count) {
    const std::uint64_t left = *member_->count - std::min(*member_->count, member_delivered_);
    if (left > count && count == 0 && torn_ == 0)
      throw file_.fault("the transport file is cut off: " + member_->dataset + " has " +
                        std::to_string(member_delivered_) + " of " +
                        std::to_string(*member_->count) + " observations");
    count = static_cast<std::size_t>(std::min<std::uint64_t>(count, left));
  } else if (torn_ == 0) {
    // Blank observations in less than a record of 80 bytes cannot be told from filling.
    while (count > 0 && bytes.size() - (count - 1) * length < kRecord &&
           is_blank(bytes.substr((count - 1) * length, length)))
      --count;
  }
  if (count > 0 || torn_ != 0) return count;
  if (member_->count && bytes.size() >= kRecord)
    throw file_.fault("has data behind the last observation of " + member_->dataset);
  if (bytes.size() >= kRecord || !is_blank(bytes))
    throw file_.fault("the transport file is cut off within observation " +
                      std::to_string(member_delivered_) + " of " + member_->dataset);
  return 0;
}

void XptReader::add_cells(const char* observation, RecordBatch& batch, char*& number_text) const {
  for (const Variable& variable : member_->variables) {
    const char* const value = observation + variable.position;
    if (variable.numeric) {
      const std::size_t size = xpt::write_number(
          {reinterpret_cast<const std::uint8_t*>(value), variable.length}, number_text);
      batch.cells.push_back({variable.name, {number_text, size}});
      number_text += size;
    } else {
      batch.cells.push_back({variable.name, without_blanks({value, variable.length})});
    }
  }
  batch.ends.push_back(static_cast<std::uint32_t>(batch.cells.size()));
}

void XptReader::deliver(std::size_t count, RecordBatch& batch) {
  const std::size_t most = std::max(kBatchCells / member_->variables.size(), std::size_t{1});
  count = std::min({count, kBatchRecords, most});
  std::size_t numbers = 0;
  for (const Variable& variable : member_->variables) numbers += variable.numeric ? 1 : 0;
  const std::size_t bytes = count * member_->length;
  batch.text.resize(bytes + (count * numbers + 1) * xpt::kMaxNumberText);
  if (bytes != 0) std::memcpy(batch.text.data(), data_.data() + begin_, bytes);
  char* number_text = batch.text.data() + bytes;
  for (std::size_t i = 0; i < count; ++i)
    add_cells(batch.text.data() + i * member_->length, batch, number_text);
  batch.first = next_record_;
  if (first_member_) batch.offset = data_offset_ + begin_;
  batch.dataset = member_->dataset;
  begin_ += bytes;
  next_record_ += count;
  member_delivered_ += count;
}

/// Goes on to the next member; false where there is none.
bool XptReader::end_member() {
  const std::uint64_t end = data_offset_ + end_;
  if (torn_ != 0)
    throw file_.fault("the transport file is cut off: it ends " + std::to_string(torn_) +
                      " bytes into a record of 80");
  if (!is_blank({data_.data() + begin_, end_ - begin_}))
    throw file_.fault("has data behind the last observation of " + member_->dataset);
  if (end_ == data_.size()) return false;
  file_.seek(end);
  first_member_ = false;
  begin_member();
  return true;
}

bool XptReader::next(RecordBatch& batch) {
  batch.clear();
  if (!member_) {
    xpt::read_library_header(file_, version_);
    begin_member();
  }
  for (;;) {
    const std::size_t count = ready();
    if (count > 0) {
      deliver(count, batch);
      return true;
    }
    if (!complete_)
      fill();
    else if (!end_member())
      return false;
  }
}

bool XptReader::resume(std::uint64_t record, std::uint64_t offset) {
  xpt::read_library_header(file_, version_);
  begin_member();
  const std::uint64_t begin = data_offset_;
  if (offset < begin || offset - begin != record * member_->length) return false;
  // Pieces begin where records of 80 bytes do, and so do observations only now and then.
  const std::uint64_t inside = (offset - begin) % kRecord;
  file_.seek(offset - inside);
  data_offset_ = offset - inside;
  fill();
  if (end_ < inside) return false;
  begin_ = inside;
  next_record_ = member_delivered_ = record;
  return true;
}

}  // namespace

std::unique_ptr<RecordReader> open_xpt5(files::Descriptor file, std::string name) {
  return std::make_unique<XptReader>(Version::v5, std::move(file), std::move(name));
}

std::unique_ptr<RecordReader> open_xpt8(files::Descriptor file, std::string name) {
  return std::make_unique<XptReader>(Version::v8, std::move(file), std::move(name));
}

std::string_view xpt_form_of(std::string_view beginning) {
  const auto version = xpt::version_of(beginning);
  if (!version) return {};
  return *version == Version::v5 ? kXpt5Form : kXpt8Form;
}

}  // namespace salus::trial
