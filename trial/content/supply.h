// When workers take tasks, wait and end.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <vector>

#include "trial/content/content_hasher.h"

namespace salus::trial {

/// Thread safe.
class Supply {
 public:
  Supply(ContentClient& client, unsigned workers) : client_(client), running_(workers) {}

  /// Tasks for one worker, if the client has any now.
  void take(std::vector<ContentTask>& tasks, std::size_t limit);
  /// Waits until there may be tasks, chunks of large files, or room for a task that the worker
  /// has already (`has_task`). False when the worker may end.
  bool wait(bool has_task);
  /// There may be something for those that wait.
  void wake();

  [[nodiscard]] bool stopped() const { return stopped_.load(std::memory_order_relaxed); }
  void stop();
  /// Keeps what a worker threw, and stops.
  void fail(std::exception_ptr failure);
  void worker_ended();
  /// Waits until every worker has ended, or for so long: whether they have. Throws what one threw.
  bool wait_for_end(std::chrono::milliseconds time);

 private:
  ContentClient& client_;
  std::mutex taking_;  ///< Held while the client is asked.
  std::mutex mutex_;   ///< Guards what follows.
  std::condition_variable changed_;
  unsigned running_;
  std::uint64_t wakes_ = 0;
  bool ended_ = false;
  std::exception_ptr failure_;
  std::atomic<bool> stopped_ = false;
};

}  // namespace salus::trial
