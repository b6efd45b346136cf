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

  /// Of the line given last, from 1.
  [[nodiscard]] std::uint64_t line_number() const { return lines_.line_number(); }

 private:
  files::Descriptor file_;
  std::size_t max_line_;
  manifest::LineReader lines_;
};

}  // namespace salus::trial
