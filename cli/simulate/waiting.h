// Pauses that somebody may cut short, growing from one failure to the next.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "cli/simulate/way.h"
#include "engine/log.h"

namespace salus::cli::simulate {

/// Sleeps, unless it is asked to stop; false where it was.
inline bool pause(std::chrono::milliseconds time, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  return !stopped.wait_for(lock, stop, time, [&] { return stop.stop_requested(); });
}

/// From 50 ms to 2 s, doubled each time.
class Backoff {
 public:
  std::chrono::milliseconds next() {
    const auto now = time_;
    time_ = std::min(time_ * 2, kLongest);
    return now;
  }
  void reset() { time_ = kShortest; }

 private:
  static constexpr std::chrono::milliseconds kShortest{50};
  static constexpr std::chrono::milliseconds kLongest{2'000};
  std::chrono::milliseconds time_ = kShortest;
};

/// Says once that the node is not there, until it is again, however many lanes find out.
class Outage {
 public:
  void begin(const std::string& why) {
    if (!is_on_.exchange(true)) logging::warn("{}; trying again", why);
  }
  void end() { is_on_.store(false, std::memory_order_relaxed); }

 private:
  std::atomic<bool> is_on_ = false;
};

/// Whether there is still hope of an answer.
class Hope {
 public:
  Hope(const Patience& patience, const Tally& tally, const std::stop_token& stop)
      : patience_(patience), tally_(tally), stop_(stop), begin_(Clock::now()) {}

  /// Nothing is waited for at the moment.
  void renew() { begin_ = Clock::now(); }

  [[nodiscard]] bool is_left() {
    const Clock::time_point now = Clock::now();
    if (stop_.stop_requested()) {
      if (!stopped_at_) stopped_at_ = now;
      if (now - *stopped_at_ > patience_.after_stop) return false;
    }
    return now - std::max(begin_, tally_.last_answer()) <= patience_.retry;
  }

 private:
  using Clock = std::chrono::steady_clock;

  const Patience patience_;
  const Tally& tally_;
  const std::stop_token& stop_;
  Clock::time_point begin_;
  std::optional<Clock::time_point> stopped_at_;
};

}  // namespace salus::cli::simulate
