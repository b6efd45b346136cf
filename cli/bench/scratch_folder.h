// A folder for what a measurement needs, gone with everything in it afterwards.
#pragma once

#include <filesystem>
#include <string>

namespace salus::cli::bench {

class ScratchFolder {
 public:
  /// Made in `parent`, or in the temporary folder where that is empty. Throws `Error` (system).
  explicit ScratchFolder(const std::string& parent);
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace salus::cli::bench
