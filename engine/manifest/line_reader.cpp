#include "engine/manifest/line_reader.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace salus::manifest {

LineReader::LineReader(int descriptor, std::size_t max_line)
    : descriptor_(descriptor), max_line_(max_line), buffer_(2 * std::min(max_line, kMaxLine)) {}

std::optional<LineReader::Line> LineReader::next() {
  if (inside_long_line_) skip_rest_of_line();
  std::size_t searched = 0;
  for (;;) {
    const std::size_t newline = unused().find('\n', searched);
    if (newline != std::string_view::npos) return take(newline, newline + 1);
    searched = unused().size();
    if (searched > max_line_) {
      inside_long_line_ = true;
      return take(searched, searched);
    }
    if (!refill()) break;
  }
  if (unused().empty() || error_ != 0) return std::nullopt;
  return take(unused().size(), unused().size());
}

LineReader::Line LineReader::take(std::size_t length, std::size_t with_end) {
  const std::string_view text = unused().substr(0, std::min(length, max_line_));
  begin_ += with_end;
  ++line_number_;
  return {text, length > max_line_};
}

/// Reads more behind what is unused; false at the end of the input.
bool LineReader::refill() {
  if (begin_ != 0) std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  if (end_ == buffer_.size()) buffer_.resize(std::min(2 * buffer_.size(), 2 * max_line_));
  ssize_t count = 0;
  do {
    count = read(descriptor_, buffer_.data() + end_, buffer_.size() - end_);
  } while (count < 0 && errno == EINTR);
  if (count < 0) error_ = errno;
  if (count <= 0) return false;
  end_ += static_cast<std::size_t>(count);
  return true;
}

bool LineReader::ready(int wait_milliseconds) const {
  if (!inside_long_line_ && unused().find('\n') != std::string_view::npos) return true;
  pollfd input = {descriptor_, POLLIN, 0};
  return poll(&input, 1, wait_milliseconds) > 0;
}

void LineReader::skip_rest_of_line() {
  inside_long_line_ = false;
  do {
    const std::size_t newline = unused().find('\n');
    if (newline != std::string_view::npos) {
      begin_ += newline + 1;
      return;
    }
    begin_ = end_;
  } while (refill());
}

}  // namespace salus::manifest
