// Files of a folder that may be anything, read with care: no symbolic links, no pipes, no devices.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/files/descriptor.h"

namespace salus::trial {

/// A folder held open, so that what is read is all from one and the same. Const methods may be
/// called from several threads. Messages begin with the folder's path.
class FolderReader {
 public:
  /// Throws `Error` (input) for what is no folder or cannot be read.
  explicit FolderReader(std::filesystem::path path);

  /// A regular file in the folder, or in a folder in it; not open where there is no such name.
  /// Throws `Error` (input) for anything that is not a regular file, and when it cannot be opened.
  [[nodiscard]] files::Descriptor open(std::string_view name) const;

  /// The whole file; nothing where there is no such name. Throws `Error` (input) when it is longer
  /// than `limit` or cannot be read.
  [[nodiscard]] std::optional<std::string> read(std::string_view name, std::uint64_t limit) const;

  [[noreturn]] void refuse(std::string_view name, std::string_view why) const;
  [[noreturn]] void refuse(std::string_view name, int error) const;

 private:
  std::filesystem::path path_;
  files::Descriptor folder_;
};

}  // namespace salus::trial
