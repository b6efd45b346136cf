// How much of the last seconds each stage worked.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <mutex>

namespace salus::node::api {

/// From how long the stages worked in all, over the time since an earlier call, kPeriod or more
/// ago, or since the start. Thread safe.
template <std::size_t stages>
class DutyCycle {
 public:
  using Clock = std::chrono::steady_clock;
  using Seconds = std::array<double, stages>;

  static constexpr std::chrono::seconds kPeriod{5};

  explicit DutyCycle(Clock::time_point start) : older_{start, {}}, newer_{start, {}} {}

  /// 0 to 1 for each stage. `busy` only rises from call to call.
  Seconds shares(Clock::time_point now, const Seconds& busy) {
    const std::lock_guard lock(mutex_);
    if (now - newer_.time >= kPeriod) {
      older_ = newer_;
      newer_ = {now, busy};
    }
    const double span = std::chrono::duration<double>(now - older_.time).count();
    Seconds shares{};
    if (span <= 0) return shares;
    for (std::size_t i = 0; i < stages; ++i)
      shares[i] = std::clamp((busy[i] - older_.busy[i]) / span, 0.0, 1.0);
    return shares;
  }

 private:
  struct Sample {
    Clock::time_point time;
    Seconds busy{};
  };

  std::mutex mutex_;
  Sample older_;
  Sample newer_;
};

}  // namespace salus::node::api
