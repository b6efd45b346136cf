// The ids of what a node has acknowledged, for an audit of its chain later.
#pragma once

#include <mutex>
#include <string>

#include "engine/bytes.h"
#include "engine/files/descriptor.h"

namespace salus::cli::simulate {

/// Thread safe.
class AcknowledgedFile {
 public:
  /// Appends to the file. Throws `Error` (system) where it cannot be opened.
  explicit AcknowledgedFile(std::string path);

  void add(const Digest& id);
  /// Hands all that was added to the operating system, so that no end of this process loses it.
  /// Throws `Error` (system).
  void flush();

 private:
  const std::string path_;
  std::mutex mutex_;
  files::Descriptor file_;
  std::string lines_;
};

}  // namespace salus::cli::simulate
