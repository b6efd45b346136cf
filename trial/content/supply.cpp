#include "trial/content/supply.h"

#include <utility>

namespace salus::trial {
namespace {

/// How long somebody waits at most before looking again by himself.
constexpr std::chrono::milliseconds kLookAgain(20);

}  // namespace

void Supply::take(std::vector<ContentTask>& tasks, std::size_t limit) {
  const std::scoped_lock taking(taking_);
  {
    const std::scoped_lock lock(mutex_);
    if (ended_) return;
  }
  if (client_.take(tasks, limit) != ContentClient::Supply::end) return;
  const std::scoped_lock lock(mutex_);
  ended_ = true;
  changed_.notify_all();
}

bool Supply::wait(bool has_task) {
  std::unique_lock lock(mutex_);
  if (stopped_ || (ended_ && !has_task)) return false;
  const std::uint64_t before = wakes_;
  changed_.wait_for(lock, kLookAgain,
                    [&] { return stopped_ || (ended_ && !has_task) || wakes_ != before; });
  return !stopped_;
}

void Supply::wake() {
  {
    const std::scoped_lock lock(mutex_);
    ++wakes_;
  }
  changed_.notify_all();
}

void Supply::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
}

void Supply::fail(std::exception_ptr failure) {
  {
    const std::scoped_lock lock(mutex_);
    if (!failure_) failure_ = std::move(failure);
  }
  stop();
}

void Supply::worker_ended() {
  {
    const std::scoped_lock lock(mutex_);
    --running_;
  }
  changed_.notify_all();
}

bool Supply::wait_for_end(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, time, [&] { return running_ == 0 || failure_ != nullptr; });
  if (failure_) std::rethrow_exception(failure_);
  return running_ == 0;
}

}  // namespace salus::trial
