// One process at a time in a data folder.
#pragma once

#include <filesystem>

#include "node/store/file.h"

namespace salus::node {

/// Holds `FOLDER/lock` until it is destroyed; a process that dies lets go, too.
class FolderLock {
 public:
  /// Throws when somebody has it: "FOLDER is in use by process 4711".
  explicit FolderLock(const std::filesystem::path& folder);

 private:
  File file_;
};

}  // namespace salus::node
