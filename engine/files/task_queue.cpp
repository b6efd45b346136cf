#include "engine/files/task_queue.h"

#include <algorithm>
#include <utility>

namespace salus::files {
namespace {

// A worker takes this many tasks at once at most: enough to make the lock cheap, and few enough
// that all workers end at about the same time.
constexpr std::size_t kMaxTake = 16;

}  // namespace

void TaskQueue::publish(TaskBlock& block) {
  {
    const std::scoped_lock lock(mutex_);
    blocks_.push_back(&block);
    available_ += block.count;
  }
  work_.notify_all();
}

void TaskQueue::close() {
  {
    const std::scoped_lock lock(mutex_);
    closed_ = true;
  }
  work_.notify_all();
}

void TaskQueue::wait_until_done(const Task& task, std::chrono::milliseconds timeout) {
  std::unique_lock lock(mutex_);
  result_.wait_for(lock, timeout, [&] {
    return failure_ != nullptr || task.done.load(std::memory_order_acquire);
  });
}

void TaskQueue::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopped_ = true;
  }
  work_.notify_all();
}

void TaskQueue::rethrow_failure() {
  const std::scoped_lock lock(mutex_);
  if (failure_) std::rethrow_exception(failure_);
}

std::span<Task> TaskQueue::take(std::size_t leave) {
  const std::scoped_lock lock(mutex_);
  if (available_ <= leave) return {};
  return take_locked();
}

std::span<Task> TaskQueue::take_locked() {
  if (blocks_.empty()) return {};
  TaskBlock& block = *blocks_.front();
  const std::size_t fair = std::clamp<std::size_t>(available_ / workers_ / 4, 1, kMaxTake);
  const std::size_t count = std::min(fair, block.count - block.taken);
  const std::span<Task> tasks = std::span(block.tasks).subspan(block.taken, count);
  block.taken += count;
  available_ -= count;
  if (block.taken == block.count) blocks_.pop_front();
  return tasks;
}

TaskQueue::Work TaskQueue::wait_for_work() {
  std::unique_lock lock(mutex_);
  ++idle_;
  hungry_ = true;
  // The last one to come here ends all: nobody is left who could share.
  if (closed_ && idle_ == workers_) work_.notify_all();
  work_.wait(lock, [&] {
    return stopped_ || !blocks_.empty() || !shared_.empty() || (closed_ && idle_ == workers_);
  });
  if (stopped_ || (blocks_.empty() && shared_.empty())) return {};
  hungry_ = --idle_ != 0;
  if (!shared_.empty()) return {{}, std::exchange(shared_, {})};
  return {take_locked(), {}};
}

void TaskQueue::share(LargeFile file) {
  {
    const std::scoped_lock lock(mutex_);
    shared_.push_back(std::move(file));
    hungry_ = false;
  }
  work_.notify_one();
}

void TaskQueue::complete(Task& task) {
  TaskBlock& block = *task.block;
  task.done.store(true, std::memory_order_release);
  if (block.open.fetch_sub(1, std::memory_order_acq_rel) == 1) wake_caller();
}

void TaskQueue::wake_caller() {
  { const std::scoped_lock lock(mutex_); }
  result_.notify_one();
}

void TaskQueue::fail(std::exception_ptr failure) {
  {
    const std::scoped_lock lock(mutex_);
    if (!failure_) failure_ = std::move(failure);
    stopped_ = true;
  }
  work_.notify_all();
  result_.notify_one();
}

}  // namespace salus::files
