#include "engine/manifest/line_reader.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace salus::manifest {

LineReader::LineReader(int descriptor) : descriptor_(descriptor), buffer_(2 * kMaxLine) {}

std::optional<LineReader::Line> LineReader::next() {
  if (inside_long_line_) skip_rest_of_line();
  std::size_t searched = 0;
  for (;;) {
    const std::size_t newline = unused().find('\n', searched);
    if (newline != std::string_view::npos) return take(newline, newline + 1);
    searched = unused().size();
    if (searched > kMaxLine) {
      inside_long_line_ = true;
      return take(searched, searched);
    }
    if (!refill()) break;
  }
  if (unused().empty() || error_ != 0) return std::nullopt;
  return take(unused().size(), unused().size());
}

LineReader::Line LineReader::take(std::size_t length, std::size_t with_end) {
  const std::string_view text = unused().substr(0, std::min(length, kMaxLine));
  begin_ += with_end;
  ++line_number_;
  return {text, length > kMaxLine};
}

/// Reads more behind what is unused; false at the end of the input.
bool LineReader::refill() {
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  ssize_t count = 0;
  do {
    count = read(descriptor_, buffer_.data() + end_, buffer_.size() - end_);
  } while (count < 0 && errno == EINTR);
  if (count < 0) error_ = errno;
  if (count <= 0) return false;
  end_ += static_cast<std::size_t>(count);
  return true;
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
