// A file that is written and synced: POSIX calls with errors that name the file and what was tried.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "engine/bytes.h"
#include "engine/error.h"
#include "engine/files/descriptor.h"

namespace salus::node {

/// The operating system refused something that was asked of a file or folder.
class FileError : public Error {
 public:
  /// "cannot ACTION PATH: reason".
  FileError(const char* action, const std::filesystem::path& path, int error);
};

/// The disk, the quota or the permitted size of a file is exhausted. Nothing is lost, and it may
/// work later.
class DiskFull : public FileError {
 public:
  using FileError::FileError;
};

/// Every member throws `FileError` for what the system refuses, and `DiskFull` where that is why;
/// only `sync` and `sync_data` never do, as what they fail to write is lost. Not for use by several
/// threads at once, but reads may run beside one writer.
class File {
 public:
  /// `flags` as for open(2); close-on-exec is added. New files get mode 0600: statements are
  /// private.
  File(std::filesystem::path path, int flags);

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  [[nodiscard]] int descriptor() const noexcept { return descriptor_.number(); }
  [[nodiscard]] std::uint64_t size() const;

  /// Reads until `out` is full or the file ends; how much it was.
  std::size_t read_at(std::uint64_t offset, std::span<std::uint8_t> out) const;
  void write_at(std::uint64_t offset, Bytes bytes);
  void truncate(std::uint64_t size);
  /// Makes the file at least this long, with room on the disk for all of it; what is new reads as
  /// zeros.
  void allocate(std::uint64_t size);
  /// The content, and the size where it has changed, are on the disk when this returns.
  void sync_data();
  void sync();
  /// Replaces what has that name. The folder is to be synced after.
  void rename(const std::filesystem::path& to);

 private:
  std::filesystem::path path_;
  files::Descriptor descriptor_;
};

/// Makes names that were made, changed or removed in a folder durable.
void sync_folder(const std::filesystem::path& folder);

/// Makes a folder, and those above it, durably.
void make_folder(const std::filesystem::path& folder);

}  // namespace salus::node
