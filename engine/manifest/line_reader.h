// Lines from a file descriptor, in bounded memory whatever comes.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace salus::manifest {

/// Not thread safe.
class LineReader {
 public:
  /// The longest line of a manifest that is given whole. A path has at most 4096 bytes, twice that
  /// when every one is escaped, so that no line with a file behind it is longer.
  static constexpr std::size_t kMaxLine = std::size_t{1} << 16;

  /// `descriptor` stays the caller's and is read from where it stands. Memory grows with the lines
  /// that come, to at most twice `max_line`.
  explicit LineReader(int descriptor, std::size_t max_line = kMaxLine);

  struct Line {
    std::string_view text;   ///< Without the newline; valid until the next call.
    bool truncated = false;  ///< The line was longer than the limit: these are its first bytes.
  };

  /// The next line; nothing at the end or when reading failed. A last line without a newline
  /// counts.
  std::optional<Line> next();

  /// Whether `next` has something to look at: a line that was read already, or input that arrives
  /// within that time; the end counts too.
  [[nodiscard]] bool ready(int wait_milliseconds = 0) const;

  /// The errno of the read that failed, or 0.
  [[nodiscard]] int error() const { return error_; }

  /// Lines given so far.
  [[nodiscard]] std::uint64_t line_number() const { return line_number_; }

 private:
  [[nodiscard]] std::string_view unused() const { return {buffer_.data() + begin_, end_ - begin_}; }
  Line take(std::size_t length, std::size_t with_end);
  bool refill();
  void skip_rest_of_line();

  int descriptor_;
  std::size_t max_line_;
  int error_ = 0;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;  ///< buffer_[begin_, end_) was read and not given yet.
  std::size_t end_ = 0;
  bool inside_long_line_ = false;
  std::uint64_t line_number_ = 0;
};

}  // namespace salus::manifest
