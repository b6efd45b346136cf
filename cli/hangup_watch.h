// SIGHUP as a request to read files again.
#pragma once

#include <functional>
#include <thread>

#include "cli/signal_queue.h"

namespace salus::cli {

/// SIGHUPs wait from now on instead of ending the process. To be made before the threads of the job
/// are.
SignalQueue queue_of_hangups();

/// While it lives, calls `answer` for each SIGHUP, also for one that has waited already, in a
/// thread of its own. `answer` throws nothing; the queue outlives the watch.
class HangupWatch {
 public:
  HangupWatch(const SignalQueue& hangups, std::function<void()> answer);
  ~HangupWatch();
  HangupWatch(const HangupWatch&) = delete;
  HangupWatch& operator=(const HangupWatch&) = delete;

 private:
  const SignalQueue& hangups_;
  std::thread thread_;
};

}  // namespace salus::cli
