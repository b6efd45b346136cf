// One thread of a FileHasher: takes tasks, reads the files and hashes them.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/cpu/lane_hasher.h"
#include "engine/files/file_hasher.h"
#include "engine/files/large_file.h"
#include "engine/files/opened_file.h"
#include "engine/files/task_queue.h"

namespace salus::files {

/// What all workers of a FileHasher share; outlives them.
struct WorkerContext {
  TaskQueue& queue;
  const engine::LaneHasher& hasher;
  const HashBatch& hash_batch;       ///< May be empty.
  std::size_t max_large;             ///< Large files that a worker holds open at once.
  std::atomic<std::uint64_t> bytes;  ///< Read and hashed by all.
};

/// Used by the thread that it belongs to, and by no other.
class FileWorker {
 public:
  /// One worker, the first, gathers the last large files: SHA extensions do one stream about as
  /// fast as four, but lanes get faster with each that they have. So it is best when the other
  /// workers have one each and the first has all the rest.
  FileWorker(WorkerContext& context, bool gathers_large);

  /// Works until the queue has nothing more. What is thrown goes to the queue.
  void run() noexcept;

 private:
  void work();
  bool wait_for_work();
  bool take_tasks();
  void start(Task& task);
  void start_stdin(Task& task);
  void read_whole(Task& task, Descriptor descriptor);
  void add_small(Task& task, std::size_t size);
  void hash_small();
  void make_large(Task& task, Descriptor descriptor, std::span<const std::uint8_t> begun,
                  bool poll_first);
  void share_large();
  bool advance_large();
  void finish_large(LargeFile& file);
  void wait_for_input();
  void complete(Task& task, const FileResult& result);

  WorkerContext& context_;
  const bool gathers_large_;
  FileOpener opener_;
  std::span<Task> tasks_;  ///< Taken and not started.

  const std::size_t small_limit_;    ///< A file that has so many bytes or more is large.
  std::vector<std::uint8_t> arena_;  ///< Small files, one behind the other.
  std::size_t arena_used_ = 0;
  std::vector<Task*> small_;
  std::vector<Bytes> messages_;  ///< Of `small_`, in the arena.
  std::vector<Digest> digests_;

  std::vector<LargeFile> large_;
  std::vector<engine::LaneHasher::Update> updates_;
};

}  // namespace salus::files
