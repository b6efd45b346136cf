// Files with more than one chunk that are being read, and who reads which part.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "engine/cpu/lane_hasher.h"
#include "engine/files/descriptor.h"
#include "trial/content/content_hasher.h"

namespace salus::trial {

/// A claim whose chunks are hashed, while some before it are not.
struct FinishedClaim {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  engine::HashStream stream;  ///< Of the whole file, after these chunks.
};

/// One such file. What is guarded by the pool is said; chunks that were claimed belong to the
/// worker that claimed them, and the stream to the one whose turn it is.
struct LargeFile {
  ContentTask task;
  files::Descriptor descriptor;
  ContentResult result;       ///< Its `chunks` have their size from the start.
  engine::HashStream stream;  ///< Of the whole file, where that is asked for.
  bool is_told = false;       ///< `visit_begun` tells of it.

  // Guarded by the pool, and all in chunks from the beginning on:
  std::uint64_t claimed = 0;   ///< Somebody has taken them.
  std::uint64_t streamed = 0;  ///< `stream` has taken them.
  std::uint64_t hashed = 0;    ///< Their leaf hashes are there, too.
  std::uint64_t told = 0;      ///< `visit_begun` has told of them.

  engine::HashStream hashed_stream;     ///< After `hashed` chunks; guarded.
  std::vector<FinishedClaim> finished;  ///< Beyond `hashed`, in no order; guarded.
  std::uint64_t open = 0;               ///< Claims that are not finished; guarded.
  int error = 0;  ///< Of the first claim that failed: no more are given; guarded.

  [[nodiscard]] std::uint64_t chunk_count() const { return result.chunks.size(); }
  /// Bytes of a chunk: less for the last one.
  [[nodiscard]] std::size_t chunk_size(std::uint64_t chunk) const;
  /// Bytes of some chunks in a row.
  [[nodiscard]] std::size_t size_of(std::uint64_t first, std::uint64_t count) const;

  /// Goes on after what somebody has hashed before, if that was this very file, and with a stream
  /// as far as that where one is needed. Before it is in a pool.
  void go_on_after(const BegunFile& begun, bool needs_stream);
};

/// Some chunks in a row.
struct ChunkClaim {
  std::shared_ptr<LargeFile> file;
  std::uint64_t first = 0;
  std::size_t count = 0;
  engine::HashStream stream_after;  ///< Set by `pass_turn`.
};

/// Thread safe.
class LargeFilePool {
 public:
  /// `capacity` files are open at once. With `has_streams`, each file's stream takes all chunks in
  /// order: whoever claimed some waits for their turn.
  LargeFilePool(std::size_t capacity, bool has_streams)
      : capacity_(capacity), has_streams_(has_streams) {}

  [[nodiscard]] bool has_room() const { return count_.load() < capacity_; }
  void add(std::shared_ptr<LargeFile> file);

  /// The next chunks to read, at most `limit`; nothing when all are taken.
  std::optional<ChunkClaim> claim(std::size_t limit);

  /// Whether the file's stream has taken all before the claim, and is the claimant's to feed.
  [[nodiscard]] bool has_turn(const ChunkClaim& claim);
  /// Waits for that; somebody who has an earlier claim is at work, and waits for nobody after.
  /// False when it does not come, as the file failed, or `is_stopped` says so.
  bool wait_for_turn(const ChunkClaim& claim, const std::function<bool()>& is_stopped);
  /// The stream has taken the claim's chunks, and goes to whoever claimed the next ones.
  void pass_turn(ChunkClaim& claim);

  /// The claim is done with; an error that is not 0 ends the file. Whether that was its last one:
  /// then the file is not in the pool any more, and the caller's alone.
  bool finish(const ChunkClaim& claim, int error);

  /// As `ContentHasher::visit_begun`.
  void visit_begun(const std::function<void(const BegunPart&)>& visit);

 private:
  [[nodiscard]] bool is_exhausted(const LargeFile& file) const {
    return file.error != 0 || file.claimed == file.chunk_count();
  }

  const std::size_t capacity_;
  const bool has_streams_;
  std::mutex mutex_;
  std::condition_variable turn_;  ///< A stream came further, or a file failed.
  std::vector<std::shared_ptr<LargeFile>> files_;
  std::atomic<std::size_t> count_ = 0;
};

}  // namespace salus::trial
