#include "cli/simulate/load_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <variant>

#include "cli/output.h"
#include "engine/cbor_cursor.h"
#include "engine/cbor_writer.h"
#include "engine/error.h"

namespace salus::cli::simulate {
namespace {

constexpr std::string_view kTampered = "tampered";
constexpr std::string_view kReplayed = "replayed";
constexpr std::size_t kReadBytes = std::size_t{1} << 20;

}  // namespace

LoadFileWriter::LoadFileWriter(std::string path)
    : path_(std::move(path)), stream_(path_, std::ios::binary | std::ios::trunc) {
  check();
}

void LoadFileWriter::check() const {
  if (!stream_) throw Error(ErrorKind::system, "cannot write " + printable(path_));
}

void LoadFileWriter::append(const Batch& batch) {
  std::vector<std::uint8_t> out;
  out.reserve(batch.bytes.size());
  CborWriter writer(out);
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (batch.kinds[i] == Kind::tampered) writer.text_string(kTampered);
    if (batch.kinds[i] == Kind::replayed) writer.text_string(kReplayed);
    const Bytes message = batch.message(i);
    out.insert(out.end(), message.begin(), message.end());
  }
  stream_.write(reinterpret_cast<const char*>(out.data()),
                static_cast<std::streamsize>(out.size()));
  check();
}

void LoadFileWriter::finish() {
  stream_.close();
  check();
}

LoadFileReader::LoadFileReader(std::string path)
    : path_(std::move(path)), stream_(path_, std::ios::binary) {
  if (!stream_) throw Error(ErrorKind::input, "cannot open " + printable(path_));
}

void LoadFileReader::fail(const char* problem) const {
  throw Error(ErrorKind::input,
              fmt::format("{}: statement {}: {}", printable(path_), number_ + 1, problem));
}

bool LoadFileReader::read_more() {
  buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(begin_));
  begin_ = 0;
  const std::size_t size = buffer_.size();
  buffer_.resize(size + kReadBytes);
  stream_.read(reinterpret_cast<char*>(buffer_.data()) + size,
               static_cast<std::streamsize>(kReadBytes));
  const auto got = static_cast<std::size_t>(stream_.gcount());
  buffer_.resize(size + got);
  return got != 0;
}

/// Empty at the end of the file.
Bytes LoadFileReader::next_item() {
  for (;;) {
    CborCursor cursor(Bytes(buffer_).subspan(begin_));
    const Bytes item = cursor.at_end() ? Bytes() : cursor.item();
    if (!item.empty()) {
      begin_ += item.size();
      return item;
    }
    if (cursor.failed() && cursor.problem() != CborCursor::Problem::cut_short) fail("is no CBOR");
    if (buffer_.size() - begin_ > node::kMaxStatementBytes) fail("is longer than any statement");
    if (read_more()) continue;
    if (buffer_.empty()) return {};
    fail("is cut off");
  }
}

bool LoadFileReader::load() {
  message_ = {};
  Bytes item = next_item();
  if (item.empty()) return false;
  CborCursor cursor(item);
  if (cursor.peek().major == CborMajor::text_string) {
    const std::string_view mark = cursor.text_string();
    if (mark != kTampered && mark != kReplayed) fail("is announced as something unknown");
    message_.kind = mark == kTampered ? Kind::tampered : Kind::replayed;
    item = next_item();
    if (item.empty()) fail("is announced, but does not follow");
  }
  message_.bytes = item;
  ++number_;
  const auto parsed = node::parse_statement(item, node::kMaxStatementBytes);
  if (const auto* statement = std::get_if<node::Statement>(&parsed)) {
    message_.signer = statement->signer;
    if (statement->type == node::ContentType::key_registration && message_.kind == Kind::honest)
      message_.kind = Kind::registration;
  }
  return true;
}

const LoadFileReader::Message* LoadFileReader::peek() {
  if (!is_ahead_) is_ahead_ = load();
  return is_ahead_ ? &message_ : nullptr;
}

const LoadFileReader::Message* LoadFileReader::next() {
  const Message* const message = peek();
  is_ahead_ = false;
  return message;
}

}  // namespace salus::cli::simulate
