// Something that many use and that is replaced while they do.
#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace salus::node {

/// Replaced as a whole: whoever has got a value may keep it. Thread safe.
template <typename Value>
class Replaceable {
 public:
  explicit Replaceable(std::shared_ptr<Value> value = nullptr) : value_(std::move(value)) {}

  [[nodiscard]] std::shared_ptr<Value> get() const {
    const std::lock_guard lock(mutex_);
    return value_;
  }

  void set(std::shared_ptr<Value> value) {
    const std::lock_guard lock(mutex_);
    value_.swap(value);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<Value> value_;
};

}  // namespace salus::node
