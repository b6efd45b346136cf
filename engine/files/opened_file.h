// Opening and reading as the pipeline needs it: few system calls, and never stuck on a pipe.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "engine/files/descriptor.h"

namespace salus::files {

/// A descriptor, or the errno of what failed.
struct OpenResult {
  Descriptor descriptor;
  int error = 0;
};

/// Opens files for reading. Keeps the folder of the last files open, so that the system does not
/// walk the same path for each of them. Not thread safe.
class FileOpener {
 public:
  /// The descriptor does not block: a FIFO without data, or without a writer, is no reason to wait.
  OpenResult open(const std::string& path);

 private:
  /// Where to start for a file in `folder`, or -1 when its whole path is to be used.
  int folder_descriptor(std::string_view folder);

  std::string folder_;            ///< Of the last file, with the slash at its end.
  Descriptor folder_descriptor_;  ///< Open since the second file in a row from `folder_`.
};

/// What a read gave: `count` 0 without an error is the end of the file.
struct ReadResult {
  std::size_t count = 0;
  int error = 0;  ///< EAGAIN where there is nothing to read yet.
};

/// One read(), again when a signal interrupted it.
ReadResult read_some(int descriptor, std::span<std::uint8_t> out);

/// Reads until `out` is full or the file ends; with an error, `count` is what came before it.
ReadResult read_full(int descriptor, std::span<std::uint8_t> out);

/// Whether read() would return at once.
bool can_read(int descriptor);

bool is_fifo(int descriptor);

}  // namespace salus::files
