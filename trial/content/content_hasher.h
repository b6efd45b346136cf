// Reads many files of a study once and hashes them, with all cores and all lanes.
//
// Files of one chunk (1 MiB) at most are read whole and hashed side by side. A larger one has a
// chunk tree: its chunks are hashed side by side, by several workers where they have nothing else,
// so that a single file keeps the whole machine busy. Its digest as a whole takes one stream from
// front to back, for which no machine has more than one lane; it is made only when asked for. Then
// workers take turns at the stream, each with chunks that it has read once: while one feeds the
// stream, the others read and hash chunks.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "engine/cpu/cpu_backend.h"
#include "engine/cpu/lane_hasher.h"
#include "engine/engine.h"
#include "trial/content/begun_file.h"
#include "trial/content/study_folder.h"

namespace salus::trial {

struct ContentTask {
  std::uint64_t index = 0;  ///< Whatever the client knows it by.
  std::string_view path;    ///< Valid until the result is there.
  /// How far somebody came with it before, or nothing. Gone on with only if the file is still that
  /// one; valid until the result is there.
  const BegunFile* begun = nullptr;
};

struct ContentResult {
  FileIdentity identity;    ///< When it was opened.
  int error = 0;            ///< errno of the open or read that failed.
  std::string_view kind{};  ///< What it is, where that is no regular file.
  bool changed = false;     ///< It changed while it was read: nothing below can be trusted.
  /// Of the whole file. Nothing where that has chunks and nobody asked for it.
  std::optional<Digest> digest{};
  std::vector<Digest> chunks{};  ///< Leaf hashes of the chunk tree, where there is more than one.
  std::uint64_t begun_chunks =
      0;  ///< Those of them that were taken over from `ContentTask::begun`.
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

/// Files from this size on can be gone on with.
inline constexpr std::uint64_t kBegunFrom = std::uint64_t{64} << 20;

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

  /// Tells, for each large file that is being hashed, which chunks from its beginning on were
  /// hashed since the last call. Not of files below `kBegunFrom`, nor of those that changed so
  /// shortly before they were opened that a further change might leave no trace. Workers wait
  /// meanwhile; what `visit` throws is thrown.
  void visit_begun(const std::function<void(const BegunPart&)>& visit);

  /// Read and hashed so far.
  [[nodiscard]] std::uint64_t bytes() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace salus::trial
