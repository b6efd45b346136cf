// Worker threads for one device.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace salus::engine::cpu {

/// A fixed set of threads that help the callers of `run`. Calls may come from many threads at once:
/// each caller works on its own job, and the others take parts of all jobs in turn, so that a small
/// job does not wait for a large one to end. Workers keep the CPU affinity of the thread that made
/// the pool.
class ThreadPool {
 public:
  /// `threads` counts the caller of `run`, who works too: 1 starts none. Throws `Error` (system)
  /// when a thread cannot be started.
  explicit ThreadPool(unsigned threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool(ThreadPool&&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;
  ThreadPool& operator=(ThreadPool&&) = delete;

  [[nodiscard]] unsigned threads() const { return static_cast<unsigned>(workers_.size()) + 1; }

  /// Calls work(0) ... work(parts - 1), each once, on any of the threads; idle ones take the next
  /// part. Returns when all are done. When a call throws, no further part is begun, and the first
  /// exception is rethrown here.
  void run(std::size_t parts, const std::function<void(std::size_t)>& work);

 private:
  /// Lives while its caller waits for it.
  struct Job {
    const std::function<void(std::size_t)>& work;
    std::size_t parts;
    std::size_t next_part = 0;
    std::size_t in_progress = 0;
    std::exception_ptr failure = nullptr;
    std::condition_variable done = {};

    [[nodiscard]] bool has_more() const { return next_part < parts; }
  };

  void work_until_stopped();
  static void do_part(Job& job, std::unique_lock<std::mutex>& lock);
  void stop();

  std::mutex mutex_;
  std::condition_variable job_ready_;
  std::deque<Job*> open_;  // may have parts to begin; the first is helped next
  bool stopping_ = false;
  std::vector<std::thread> workers_;
};

}  // namespace salus::engine::cpu
