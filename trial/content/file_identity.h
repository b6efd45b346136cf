// By what is told whether a file is still the one that was looked at before.
#pragma once

#include <sys/stat.h>

#include <cstdint>

namespace salus::trial {

/// What the system says of a file and changes with its content. Times have the grain of the
/// system's clock tick, so that two changes within some milliseconds may leave one trace.
struct FileIdentity {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;
  std::int64_t modified_ns = 0;
  std::int64_t changed_ns = 0;

  friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

FileIdentity identity_of(const struct stat& status);

}  // namespace salus::trial
