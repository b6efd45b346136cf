// Files with more than one chunk that are being read, and who reads which part.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "engine/cpu/lane_hasher.h"
#include "engine/files/descriptor.h"
#include "trial/content/content_hasher.h"

namespace salus::trial {

/// One such file. What is guarded by the pool is said; chunks that were claimed belong to the
/// worker that claimed them.
struct LargeFile {
  ContentTask task;
  files::Descriptor descriptor;
  ContentResult result;       ///< Its `chunks` have their size from the start.
  engine::HashStream stream;  ///< Of the whole file, where that is asked for.
  std::uint64_t claimed = 0;  ///< Chunks that somebody has taken; guarded.
  std::uint64_t open = 0;     ///< Claims that are not finished; guarded.
  int error = 0;              ///< Of the first claim that failed: no more are given; guarded.

  [[nodiscard]] std::uint64_t chunk_count() const { return result.chunks.size(); }
  /// Bytes of a chunk: less for the last one.
  [[nodiscard]] std::size_t chunk_size(std::uint64_t chunk) const;
};

/// Some chunks in a row.
struct ChunkClaim {
  std::shared_ptr<LargeFile> file;
  std::uint64_t first = 0;
  std::size_t count = 0;
};

/// Thread safe.
class LargeFilePool {
 public:
  /// `capacity` files are open at once. With `in_order`, a file's chunks are claimed by one worker
  /// at a time from front to back.
  LargeFilePool(std::size_t capacity, bool in_order) : capacity_(capacity), in_order_(in_order) {}

  [[nodiscard]] bool has_room() const { return count_.load() < capacity_; }
  void add(std::shared_ptr<LargeFile> file);

  /// The next chunks to read, at most `limit`; nothing when all are taken.
  std::optional<ChunkClaim> claim(std::size_t limit);
  /// The claim is done with; an error that is not 0 ends the file. Whether that was its last one:
  /// then the file is not in the pool any more, and the caller's alone.
  bool finish(const ChunkClaim& claim, int error);

 private:
  [[nodiscard]] bool is_exhausted(const LargeFile& file) const {
    return file.error != 0 || file.claimed == file.chunk_count();
  }

  const std::size_t capacity_;
  const bool in_order_;
  std::mutex mutex_;
  std::vector<std::shared_ptr<LargeFile>> files_;
  std::atomic<std::size_t> count_ = 0;
};

}  // namespace salus::trial
