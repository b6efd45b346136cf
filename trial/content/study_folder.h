// The folder that a study's data lies in, and the only way by which its files are opened.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "engine/files/descriptor.h"
#include "trial/content/file_identity.h"

namespace salus::trial {

/// What came of opening a file of a study.
struct StudyFile {
  files::Descriptor descriptor;  ///< Open, and a regular file, unless one of the two below is said.
  FileIdentity identity;
  int error = 0;          ///< errno of what failed.
  std::string_view kind;  ///< What it is instead of a regular file: "symbolic link", "FIFO", ...

  [[nodiscard]] bool is_missing() const;
};

/// Holds the folder open. Immutable: may be used by several threads.
class StudyFolder {
 public:
  /// The folder itself may be named by way of symbolic links. Throws `Error` (input).
  explicit StudyFolder(const std::filesystem::path& path);

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] int descriptor() const { return folder_.number(); }

  /// A folder below, for listing it (`O_RDONLY`) or opening files in it (`O_PATH`); this one for
  /// "". No symbolic link is followed on the way, so that it lies where its path says. Not open
  /// where that cannot be had; errno says why.
  [[nodiscard]] files::Descriptor open_folder(std::string_view path, int flags) const;

 private:
  std::filesystem::path path_;
  files::Descriptor folder_;
};

/// Opens files of a study, and keeps the folder of the last one open. Not thread safe.
class StudyOpener {
 public:
  explicit StudyOpener(const StudyFolder& study) : study_(study) {}

  /// `path` is one that `is_sealable_path`. Nothing outside the study is opened, no link followed,
  /// and no pipe waited for.
  StudyFile open(std::string_view path);

 private:
  const StudyFolder& study_;
  std::string folder_;  ///< Of the last file, without the slash at its end.
  files::Descriptor descriptor_;
  std::string name_;
};

/// Whether `path`, which need not be there, is `folder` or lies below it, by way of links as well.
bool lies_below(const std::filesystem::path& path, const std::filesystem::path& folder);

/// "symbolic link", "FIFO", "socket", "device", "folder"; empty for a regular file.
std::string_view special_kind(mode_t mode);

}  // namespace salus::trial
