#include "cli/hangup_watch.h"

#include <utility>

namespace salus::cli {

SignalQueue queue_of_hangups() { return SignalQueue(signal_set({SIGHUP})); }

HangupWatch::HangupWatch(const SignalQueue& hangups, std::function<void()> answer)
    : hangups_(hangups), thread_([&hangups, answer = std::move(answer)] {
        while (hangups.wait() != 0) answer();
      }) {}

HangupWatch::~HangupWatch() {
  hangups_.end();
  thread_.join();
}

}  // namespace salus::cli
