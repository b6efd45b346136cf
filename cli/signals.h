// Ctrl-C and SIGTERM as a stop token.
#pragma once

#include <atomic>
#include <stop_token>
#include <thread>

#include "cli/signal_queue.h"

namespace salus::cli {

/// While it lives, the first SIGINT or SIGTERM asks the token to stop; a second one, or three
/// seconds without an end, ends the process by that signal. SIGPIPE is ignored for good, so that a
/// closed pipe is an error of the write that meets it. Make one, before any other thread starts.
class SignalWatch {
 public:
  SignalWatch();
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

  [[nodiscard]] std::stop_token token() const { return source_.get_token(); }

  /// The signal that asked to stop, 0 when none did.
  [[nodiscard]] int caught() const { return caught_; }

 private:
  void watch();

  std::stop_source source_;
  std::atomic<int> caught_ = 0;
  SignalQueue signals_;
  std::thread thread_;
};

/// Ends the process by `signal`, as if it had not been caught: a shell then sees 128 + signal and
/// stops the script around it.
[[noreturn]] void die_by_signal(int signal);

}  // namespace salus::cli
