// What the calling thread and the workers of a FileHasher tell one another.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "engine/files/file_hasher.h"
#include "engine/files/large_file.h"

namespace salus::files {

struct TaskBlock;

/// One file to hash. Written by the calling thread until its block is published, then by the one
/// worker that took it until it is done.
struct Task {
  std::string path;
  enum class Source { path, stdin_first, stdin_again } source = Source::path;
  FileResult result;
  TaskBlock* block = nullptr;
  std::atomic<bool> done = false;
};

/// Tasks that are handed over together: one wake-up for many small files.
struct TaskBlock {
  static constexpr std::size_t kCapacity = 256;

  std::array<Task, kCapacity> tasks;
  std::size_t count = 0;              ///< Tasks in use.
  std::size_t taken = 0;              ///< Handed to workers; guarded by the queue.
  std::atomic<std::size_t> open = 0;  ///< Not done. The block may be used again when it is 0.
};

/// Tasks wait here for a worker, in order, and large files for a worker that has nothing to do.
/// Thread safe. Blocks belong to the calling thread and must outlive their tasks.
class TaskQueue {
 public:
  explicit TaskQueue(unsigned workers) : workers_(workers) {}

  // For the calling thread.

  void publish(TaskBlock& block);
  /// No block comes after those published.
  void close();
  /// Waits until `task` is done, something failed, or the time is over.
  void wait_until_done(const Task& task, std::chrono::milliseconds timeout);
  /// Workers end soon, whatever is left.
  void stop();
  /// Throws what a worker threw, if one did.
  void rethrow_failure();

  // For workers.

  [[nodiscard]] bool stopped() const { return stopped_.load(std::memory_order_relaxed); }
  /// The next tasks in order, a fair share of them; empty when no more than `leave` wait now.
  std::span<Task> take(std::size_t leave);

  struct Work {
    std::span<Task> tasks;
    std::vector<LargeFile> files;
  };
  /// Waits for tasks or for large files of another worker. Both are empty when all is done.
  Work wait_for_work();

  /// Whether a worker waits that could take over large files.
  [[nodiscard]] bool is_somebody_hungry() const { return hungry_.load(std::memory_order_relaxed); }
  /// Gives a large file to a worker that waits.
  void share(LargeFile file);

  /// The task's result is complete; the worker must not touch the task after that.
  void complete(Task& task);
  /// Has the calling thread look at what is done. `complete` does so only at the end of a block.
  void wake_caller();
  /// Keeps what a worker threw for the calling thread, and stops.
  void fail(std::exception_ptr failure);

 private:
  std::span<Task> take_locked();

  std::mutex mutex_;
  std::condition_variable work_;    ///< For workers.
  std::condition_variable result_;  ///< For the calling thread.
  std::deque<TaskBlock*> blocks_;   ///< With tasks that nobody took yet.
  std::size_t available_ = 0;       ///< Those tasks.
  std::vector<LargeFile> shared_;
  bool closed_ = false;
  std::exception_ptr failure_;
  unsigned idle_ = 0;  ///< Workers that wait.
  std::atomic<bool> hungry_ = false;
  std::atomic<bool> stopped_ = false;
  const unsigned workers_;
};

}  // namespace salus::files
