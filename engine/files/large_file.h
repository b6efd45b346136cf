// A file that is hashed in pieces.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/cpu/lane_hasher.h"
#include "engine/files/descriptor.h"

namespace salus::files {

struct Task;

/// Everything that a worker needs to go on with it, so that another worker can.
struct LargeFile {
  Task* task = nullptr;
  Descriptor descriptor;
  engine::HashStream stream;
  std::vector<std::uint8_t> buffer;  ///< The piece that is being read.
  std::size_t filled = 0;            ///< Bytes of it that were read and not hashed yet.
  std::uint64_t bytes = 0;           ///< Bytes hashed.
  int error = 0;                     ///< errno of the read that failed.
  bool ended = false;                ///< Nothing more to read.
  /// Look before reading whether that would block or, for a FIFO, whether a writer has come:
  /// until then reading it looks like its end.
  bool poll_first = false;
};

}  // namespace salus::files
