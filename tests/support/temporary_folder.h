// A folder for a test's files.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "engine/bytes.h"

namespace salus::test {

/// Empty at first; gone with everything in it when the object is.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// The path of something in it.
  [[nodiscard]] std::string path(std::string_view name) const { return path_ / name; }

  /// Writes a file, with the folders on the way; its full path.
  std::string write(std::string_view name, std::string_view content) const;
  std::string write(std::string_view name, Bytes content) const;

 private:
  std::filesystem::path path_;
};

}  // namespace salus::test
