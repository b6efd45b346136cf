// What stands between two stages of the pipeline.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace salus::node {

/// First in, first out, bounded. Thread safe.
template <typename T>
class StageQueue {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit StageQueue(std::size_t capacity) : capacity_(capacity) {}

  /// Waits while it is full. Not to be called once it is closed.
  void push(T value) {
    std::unique_lock lock(mutex_);
    has_room_.wait(lock, [this] { return values_.size() < capacity_; });
    values_.push_back(std::move(value));
    lock.unlock();
    has_value_.notify_one();
  }

  /// The next one; nothing once the queue is closed and empty.
  std::optional<T> pop() {
    std::unique_lock lock(mutex_);
    has_value_.wait(lock, [this] { return !values_.empty() || is_closed_; });
    return take(lock);
  }

  /// The next one; nothing when none has come by then, or the queue is closed and empty.
  std::optional<T> pop_until(Time deadline) {
    std::unique_lock lock(mutex_);
    has_value_.wait_until(lock, deadline, [this] { return !values_.empty() || is_closed_; });
    return take(lock);
  }

  /// What is in it can still be taken.
  void close() {
    {
      const std::lock_guard lock(mutex_);
      is_closed_ = true;
    }
    has_value_.notify_all();
  }

 private:
  std::optional<T> take(std::unique_lock<std::mutex>& lock) {
    if (values_.empty()) return std::nullopt;
    std::optional<T> value(std::move(values_.front()));
    values_.pop_front();
    lock.unlock();
    has_room_.notify_one();
    return value;
  }

  const std::size_t capacity_;
  std::mutex mutex_;
  std::condition_variable has_value_;
  std::condition_variable has_room_;
  std::deque<T> values_;
  bool is_closed_ = false;
};

}  // namespace salus::node
