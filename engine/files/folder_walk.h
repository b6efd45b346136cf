// The regular files below a folder, in a fixed order.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace salus::files {

/// What a walk tells its caller. Paths begin with the folder as it was given.
struct FolderVisitor {
  std::function<void(const std::string& path)> file;
  /// A folder that cannot be read, or an entry that cannot be examined, with its errno.
  std::function<void(const std::string& path, int error)> failure;
  /// Something that is neither a file nor a folder, and what it is: "symbolic link", "FIFO", ...
  std::function<void(const std::string& path, std::string_view kind)> skipped;
};

/// Visits every regular file below `folder` in the order of their paths' bytes: what
/// `find FOLDER -type f | LC_ALL=C sort` prints. Symbolic links inside are not followed, so that
/// every file is visited once and nothing outside is; `folder` itself may be one.
void walk_folder(const std::string& folder, const FolderVisitor& visitor);

}  // namespace salus::files
