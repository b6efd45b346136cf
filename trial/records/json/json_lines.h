// JSON in lines, one value each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/files/descriptor.h"
#include "engine/manifest/line_reader.h"

namespace salus::trial {

/// The lines of a file that are not blank. A byte order mark at its beginning is no part of them.
/// Not thread safe.
class JsonLines {
 public:
  /// Reads the file from its beginning, and moves its offset.
  JsonLines(files::Descriptor file, std::size_t max_line);

  /// The next line, valid until the next call; nothing at the end. Throws `Error` (input) for one
  /// that is too long, `Error` (system) when reading fails.
  std::optional<std::string_view> next();

  /// Where the next line begins.
  [[nodiscard]] std::uint64_t offset() const { return offset_; }
  /// Goes to a place that `offset` gave; false when no line begins there.
  bool seek(std::uint64_t offset);

  /// Of the line given last, from 1, since the beginning or since `seek`.
  [[nodiscard]] std::uint64_t line_number() const { return lines_.line_number(); }

 private:
  files::Descriptor file_;
  std::size_t max_line_;
  manifest::LineReader lines_;
  std::uint64_t offset_ = 0;
};

}  // namespace salus::trial
