#include "cli/simulate/delivery.h"

#include <atomic>
#include <condition_variable>
#include <ctime>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace salus::cli::simulate {
namespace {

/// What the lanes' threads tell the one that waits for them.
class Lanes {
 public:
  explicit Lanes(std::size_t count) : running_(count) {}

  void leave(std::exception_ptr failure, double cpu_seconds) {
    const std::lock_guard lock(mutex_);
    if (failure && !failure_) failure_ = std::move(failure);
    cpu_seconds_ += cpu_seconds;
    --running_;
    changed_.notify_all();
  }

  /// Whether all have left before `time`.
  bool wait_until(SteadyTime time) {
    std::unique_lock lock(mutex_);
    return changed_.wait_until(lock, time, [this] { return running_ == 0; });
  }

  double finish() {
    const std::lock_guard lock(mutex_);
    if (failure_) std::rethrow_exception(failure_);
    return cpu_seconds_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t running_;
  double cpu_seconds_ = 0;
  std::exception_ptr failure_;
};

}  // namespace

double thread_cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

double deliver_all(Way& way, Feeds& feeds, Tally& tally, const std::stop_token& stop,
                   const std::function<void()>& each_second) {
  const std::stop_callback on_stop(stop, [&feeds] { feeds.stop(); });
  Lanes lanes(feeds.lanes());
  {
    std::vector<std::jthread> threads;
    for (std::size_t lane = 0; lane < feeds.lanes(); ++lane)
      threads.emplace_back([&, lane] {
        std::exception_ptr failure;
        try {
          way.deliver(lane, feeds, tally, stop);
        } catch (...) {
          failure = std::current_exception();
          feeds.stop();
        }
        lanes.leave(std::move(failure), thread_cpu_seconds());
      });
    SteadyTime next = std::chrono::steady_clock::now() + std::chrono::seconds(1);
    for (; !lanes.wait_until(next); next += std::chrono::seconds(1)) each_second();
  }
  feeds.stop();  // those who would fill them wait no more
  return lanes.finish();
}

}  // namespace salus::cli::simulate
