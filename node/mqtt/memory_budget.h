// How much all connections together hold in memory.
#pragma once

#include <atomic>
#include <cstddef>

namespace salus::node::mqtt {

/// Thread safe. Does not prevent anything: whoever is about to need more asks first.
class MemoryBudget {
 public:
  explicit MemoryBudget(std::size_t limit) : limit_(limit) {}

  [[nodiscard]] bool is_used_up() const { return used() >= limit_; }
  [[nodiscard]] std::size_t used() const { return used_.load(std::memory_order_relaxed); }

 private:
  friend class MemoryHold;
  std::size_t limit_;
  std::atomic<std::size_t> used_{0};
};

/// A part of the budget, given back by its destructor.
class MemoryHold {
 public:
  explicit MemoryHold(MemoryBudget& budget) : budget_(budget) {}
  ~MemoryHold() { set(0); }
  MemoryHold(const MemoryHold&) = delete;
  MemoryHold& operator=(const MemoryHold&) = delete;

  /// How much it is from now on.
  void set(std::size_t bytes) {
    if (bytes > bytes_) budget_.used_.fetch_add(bytes - bytes_, std::memory_order_relaxed);
    if (bytes < bytes_) budget_.used_.fetch_sub(bytes_ - bytes, std::memory_order_relaxed);
    bytes_ = bytes;
  }

 private:
  MemoryBudget& budget_;
  std::size_t bytes_ = 0;
};

}  // namespace salus::node::mqtt
