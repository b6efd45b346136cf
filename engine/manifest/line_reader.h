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
  /// The longest line that is given whole. A path has at most 4096 bytes, twice that when every one
  /// is escaped, so that no line with a file behind it is longer.
  static constexpr std::size_t kMaxLine = std::size_t{1} << 16;

  /// `descriptor` stays the caller's and is read from where it stands.
  explicit LineReader(int descriptor);

  struct Line {
    std::string_view text;   ///< Without the newline; valid until the next call.
    bool truncated = false;  ///< The line was longer than `kMaxLine`: these are its first bytes.
  };

  /// The next line; nothing at the end or when reading failed. A last line without a newline
  /// counts.
  std::optional<Line> next();

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
  int error_ = 0;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;  ///< buffer_[begin_, end_) was read and not given yet.
  std::size_t end_ = 0;
  bool inside_long_line_ = false;
  std::uint64_t line_number_ = 0;
};

}  // namespace salus::manifest
