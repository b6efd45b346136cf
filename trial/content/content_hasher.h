// Reads many files of a study once and hashes them, with all cores and all lanes.
//
// Files of one chunk (1 MiB) at most are read whole and hashed side by side. A larger one has a
// chunk tree: its chunks are hashed side by side, by several workers where they have nothing else,
// so that a single file keeps the whole machine busy. Its digest as a whole takes one stream from
// front to back, for which no machine has more than one lane; it is made only when asked for.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "engine/cpu/cpu_backend.h"
#include "engine/cpu/lane_hasher.h"
#include "engine/engine.h"
#include "trial/content/study_folder.h"

namespace salus::trial {

struct ContentTask {
  std::uint64_t index = 0;  ///< Whatever the client knows it by.
  std::string_view path;    ///< Valid until the result is there.
};

struct ContentResult {
  FileIdentity identity;    ///< When it was opened.
  int error = 0;            ///< errno of the open or read that failed.
  std::string_view kind{};  ///< What it is, where that is no regular file.
  bool changed = false;     ///< It changed while it was read: nothing below can be trusted.
  /// Of the whole file. Nothing where that has chunks and nobody asked for it.
  std::optional<Digest> digest{};
  std::vector<Digest> chunks{};  ///< Leaf hashes of the chunk tree, where there is more than one.
};

/// Where tasks come from, and results go. `take` is called by one thread at a time, `done` by
/// several at once. Neither may wait for a result.
class ContentClient {
 public:
  virtual ~ContentClient() = default;

  enum class Supply {
    more,
    later,  ///< Nothing now; `ContentHasher::wake` says when to ask again.
    end,
  };
  /// Appends some tasks, at most `limit`. Those appended count with every answer.
  virtual Supply take(std::vector<ContentTask>& tasks, std::size_t limit) = 0;
  virtual void done(const ContentTask& task, ContentResult&& result) = 0;
};

struct ContentOptions {
  /// Files with chunks get their digest as a whole, too.
  bool whole_digests = false;
  /// Files of one chunk are looked at again after reading, as larger ones always are, so that a
  /// change meanwhile is seen even where the size stays.
  bool look_again = false;
  engine::CpuOptions cpu{};
};

/// Starts at once. Memory is bounded by 128 MiB, whatever the number and size of files, or by some
/// MiB a worker where there are very many workers; leaf hashes of chunks come on top.
class ContentHasher {
 public:
  /// All must outlive it.
  ContentHasher(const StudyFolder& study, ContentClient& client, const ContentOptions& options,
                const engine::LaneHasher& hasher);
  /// Files without a result by then are given up.
  ~ContentHasher();
  ContentHasher(const ContentHasher&) = delete;
  ContentHasher& operator=(const ContentHasher&) = delete;

  /// Waits until all is done, or for so long: whether all is. Throws what hashing or the client
  /// threw.
  bool wait_for(std::chrono::milliseconds time);

  /// The client has tasks again. May be called by any thread, also within `done`.
  void wake();

  /// Read and hashed so far.
  [[nodiscard]] std::uint64_t bytes() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace salus::trial
