// A folder for a test's files, and what to fill them with.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace salus::files {

/// Empty at first; gone with everything in it when the object is.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] std::string path(std::string_view name) const { return path_ / name; }
  /// Writes a file, with the folders on the way; its full path.
  std::string write(std::string_view name, std::string_view content) const;

 private:
  std::filesystem::path path_;
};

/// Bytes that differ from one seed to the next.
std::string pattern(std::size_t size, unsigned seed);

}  // namespace salus::files
