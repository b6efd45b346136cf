#include "cli/signals.h"

#include <pthread.h>

#include <csignal>
#include <cstdlib>

#include "cli/status_line.h"

namespace salus::cli {
namespace {

constexpr int kGraceMilliseconds = 3000;

/// SIGINT and SIGTERM, less those that our parent had us ignore (nohup, background jobs).
sigset_t signals_to_watch() {
  sigset_t set = signal_set({});
  for (const int signal : {SIGINT, SIGTERM}) {
    struct sigaction action {};
    sigaction(signal, nullptr, &action);
    if (action.sa_handler != SIG_IGN) sigaddset(&set, signal);
  }
  return set;
}

}  // namespace

SignalWatch::SignalWatch() : signals_(signals_to_watch()) {
  std::signal(SIGPIPE, SIG_IGN);
  // A SIGHUP that a command waits for later is not for our thread, where it would end the process.
  const sigset_t hangup = signal_set({SIGHUP});
  sigset_t before;
  pthread_sigmask(SIG_BLOCK, &hangup, &before);
  thread_ = std::thread([this] { watch(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

SignalWatch::~SignalWatch() {
  signals_.end();
  thread_.join();
}

void SignalWatch::watch() {
  const int first = signals_.wait();
  if (first == 0) return;
  caught_ = first;
  source_.request_stop();
  const int second = signals_.wait(kGraceMilliseconds);
  if (second == 0 && signals_.has_ended()) return;
  clear_status();
  die_by_signal(second != 0 ? second : first);
}

void die_by_signal(int signal) {
  std::signal(signal, SIG_DFL);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal);
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  raise(signal);
  std::_Exit(128 + signal);
}

}  // namespace salus::cli
