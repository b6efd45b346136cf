// Signals that wait to be asked for.
#pragma once

#include <csignal>
#include <initializer_list>

#include "engine/files/descriptor.h"

namespace salus::cli {

/// These signals and no others.
sigset_t signal_set(std::initializer_list<int> signals);

/// From construction on, for good, the signals neither end the process nor call a handler, but wait
/// here: in this thread and in those that it starts later. `wait` is for one thread; `end` for any.
class SignalQueue {
 public:
  /// Throws `Error` (system) when the system has no descriptors left.
  explicit SignalQueue(const sigset_t& signals);

  /// The next signal's number; 0 once `end` was called, or after so many milliseconds (-1: never).
  [[nodiscard]] int wait(int timeout_milliseconds = -1) const;
  /// Ends all waiting.
  void end() const;
  [[nodiscard]] bool has_ended() const;

 private:
  files::Descriptor signals_;  ///< signalfd
  files::Descriptor ended_;    ///< eventfd, written by `end`
};

}  // namespace salus::cli
