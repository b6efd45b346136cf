// Worker threads for one device.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace salus::engine::cpu {

/// A fixed set of threads that share out the parts of one job at a time. `run` may be called from
/// any thread; calls wait for each other, so that a part must not call it. Workers keep the CPU
/// affinity of the thread that made the pool.
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
  void work_until_stopped();
  void take_parts(std::unique_lock<std::mutex>& lock);
  void stop();

  std::mutex run_mutex_;  // held for a whole job
  std::mutex mutex_;
  std::condition_variable job_ready_;
  std::condition_variable job_done_;
  const std::function<void(std::size_t)>* work_ = nullptr;  // null between jobs
  std::size_t parts_ = 0;
  std::size_t next_part_ = 0;
  std::size_t in_progress_ = 0;
  std::exception_ptr failure_;
  bool stopping_ = false;
  std::vector<std::thread> workers_;
};

}  // namespace salus::engine::cpu
