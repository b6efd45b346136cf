// A mutex that whoever lets go of it does not get back before those who waited.
#pragma once

#include <mutex>

namespace salus::node {

/// As std::mutex, for long work that lets others in now and then: with std::mutex the thread that
/// unlocks and locks again is always faster than one that must wake up first. Meets `Lockable`
/// without `try_lock`.
class FairMutex {
 public:
  void lock() {
    const std::lock_guard next(next_);  // whoever waits keeps the one behind it from being faster
    mutex_.lock();
  }
  void unlock() { mutex_.unlock(); }

 private:
  std::mutex next_;
  std::mutex mutex_;
};

}  // namespace salus::node
