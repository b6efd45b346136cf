#include "trial/records/json/json_document.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "engine/error.h"
#include "trial/records/json/canonical_json.h"

namespace salus::trial {
namespace {

constexpr std::size_t kWindow = std::size_t{256} << 10;
constexpr int kEnd = -1;

bool is_blank(int c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// What a number or a word cannot hold.
bool ends_scalar(int c) {
  return c == kEnd || is_blank(c) || c == ',' || c == ']' || c == '}' || c == ':' || c == '"' ||
         c == '[' || c == '{';
}

}  // namespace

JsonDocument::JsonDocument(files::Descriptor file, std::size_t max_value)
    : file_(std::move(file)), max_value_(max_value), window_(kWindow) {}

void JsonDocument::fail(std::string_view what) const {
  throw Error(ErrorKind::input, fmt::format("byte {}: {}", window_offset_ + begin_, what));
}

/// Reads the next window; false at the end of the file.
bool JsonDocument::fill() {
  window_offset_ += end_;
  begin_ = end_ = 0;
  ssize_t count = 0;
  do {
    count =
        pread(file_.number(), window_.data(), window_.size(), static_cast<off_t>(window_offset_));
  } while (count < 0 && errno == EINTR);
  if (count < 0) throw Error(ErrorKind::system, std::strerror(errno));
  end_ = static_cast<std::size_t>(count);
  return count != 0;
}

int JsonDocument::peek() {
  if (begin_ == end_ && !fill()) return kEnd;
  return static_cast<unsigned char>(window_[begin_]);
}

int JsonDocument::peek_token() {
  while (is_blank(peek())) ++begin_;
  return peek();
}

void JsonDocument::expect(char token, std::string_view what) {
  if (peek_token() != static_cast<unsigned char>(token)) fail(what);
  ++begin_;
}

void JsonDocument::restart() {
  window_offset_ = 0;
  begin_ = end_ = 0;
  state_ = State::beginning;
}

void JsonDocument::skip_byte_order_mark() {
  if (peek() == 0xEF && end_ - begin_ >= 3 &&
      std::memcmp(window_.data() + begin_, "\xEF\xBB\xBF", 3) == 0)
    begin_ += 3;
}

/// Hands the string at hand to `take`, in pieces and with its quotes.
template <typename Take>
void JsonDocument::scan_string(const Take& take) {
  bool inside = false;
  bool escaped = false;
  while (peek() != kEnd) {
    const std::size_t from = begin_;
    while (begin_ != end_) {
      const char c = window_[begin_++];
      if (escaped)
        escaped = false;
      else if (c == '\\')
        escaped = true;
      else if (c == '"' && inside) {
        take(std::string_view(window_.data() + from, begin_ - from));
        return;
      } else
        inside = true;
    }
    take(std::string_view(window_.data() + from, begin_ - from));
  }
  fail("the file ends within a string");
}

/// Hands the number or word at hand to `take`, in pieces.
template <typename Take>
void JsonDocument::scan_word(const Take& take) {
  while (!ends_scalar(peek())) {
    const std::size_t from = begin_;
    while (begin_ != end_ && !ends_scalar(static_cast<unsigned char>(window_[begin_]))) ++begin_;
    take(std::string_view(window_.data() + from, begin_ - from));
  }
}

/// Hands the value at hand to `take`, in pieces and without white space around its tokens.
template <typename Take>
void JsonDocument::scan_value(const Take& take) {
  std::uint64_t depth = 0;
  do {
    const int c = peek_token();
    if (c == kEnd) fail("the file ends within a value");
    if (c == '"') {
      scan_string(take);
    } else if (!ends_scalar(c)) {
      scan_word(take);
      if (depth == 0) return;
      if (is_blank(peek())) take(" ");  // 1 2 is not 12
    } else {
      if (c == '[' || c == '{') ++depth;
      if (c == ']' || c == '}') {
        if (depth == 0) fail("a value is missing");
        --depth;
      }
      if (depth == 0 && (c == ',' || c == ':')) fail("a value is missing");
      take(std::string_view(window_.data() + begin_, 1));
      ++begin_;
    }
  } while (depth != 0);
}

void JsonDocument::skip_value() {
  scan_value([](std::string_view) {});
}

void JsonDocument::take_value() {
  text_.clear();
  scan_value([this](std::string_view piece) {
    if (text_.size() + piece.size() > max_value_)
      fail(fmt::format("a value of more than {} MiB", max_value_ >> 20));
    text_ += piece;
  });
}

std::optional<std::string> JsonDocument::next_member() {
  if (state_ == State::ended) return std::nullopt;
  if (state_ == State::array)
    while (next_element()) {
    }
  if (state_ == State::value) skip_value();
  const bool at_beginning = state_ == State::beginning;
  if (at_beginning) {
    skip_byte_order_mark();
    expect('{', "an object is expected");
  }
  if (peek_token() == '}') {
    ++begin_;
    if (peek_token() != kEnd) fail("something behind the end of the object");
    state_ = State::ended;
    return std::nullopt;
  }
  if (!at_beginning) expect(',', "a comma is expected");
  if (peek_token() != '"') fail("a member's name is expected");
  take_value();
  CanonicalJson name(JsonNumbers::rfc8785);
  name.parse(fmt::format("{{{}:0}}", text_));
  expect(':', "a colon is expected");
  state_ = State::value;
  return std::string(name.parts().front().name);
}

std::string_view JsonDocument::value() {
  take_value();
  state_ = State::between;
  return text_;
}

void JsonDocument::enter_array() {
  expect('[', "an array is expected");
  state_ = State::array;
  first_ = true;
}

std::optional<std::string_view> JsonDocument::next_element() {
  if (peek_token() == ']') {
    ++begin_;
    state_ = State::between;
    return std::nullopt;
  }
  if (!first_) expect(',', "a comma is expected");
  first_ = false;
  take_value();
  return text_;
}

}  // namespace salus::trial
