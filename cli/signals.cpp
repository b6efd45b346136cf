#include "cli/signals.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "cli/status_line.h"
#include "engine/error.h"

namespace salus::cli {
namespace {

constexpr int kGraceMilliseconds = 3000;

/// SIGINT and SIGTERM, less those that our parent had us ignore (nohup, background jobs).
sigset_t signals_to_watch() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM}) {
    struct sigaction action {};
    sigaction(signal, nullptr, &action);
    if (action.sa_handler != SIG_IGN) sigaddset(&set, signal);
  }
  return set;
}

/// Waits until `signals` or `ended` can be read; the signal's number, 0 when ended or timed out.
int wait_for_signal(int signals, int ended, int timeout_milliseconds) {
  pollfd descriptors[2] = {{signals, POLLIN, 0}, {ended, POLLIN, 0}};
  while (poll(descriptors, 2, timeout_milliseconds) < 0 && errno == EINTR) {
  }
  if ((descriptors[0].revents & POLLIN) == 0) return 0;
  signalfd_siginfo info{};
  if (read(signals, &info, sizeof info) != sizeof info) return 0;
  return static_cast<int>(info.ssi_signo);
}

bool can_read(int descriptor) {
  pollfd poll_one = {descriptor, POLLIN, 0};
  return poll(&poll_one, 1, 0) > 0;
}

}  // namespace

SignalWatch::SignalWatch() {
  std::signal(SIGPIPE, SIG_IGN);
  const sigset_t set = signals_to_watch();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signals_ = signalfd(-1, &set, SFD_CLOEXEC);
  ended_ = eventfd(0, EFD_CLOEXEC);
  if (signals_ < 0 || ended_ < 0)
    throw Error(ErrorKind::system, std::string("cannot watch for Ctrl-C: ") + std::strerror(errno));
  thread_ = std::thread([this] { watch(); });
}

SignalWatch::~SignalWatch() {
  const std::uint64_t one = 1;
  // An eventfd takes one write without blocking; if it did not, join() would show it.
  while (write(ended_, &one, sizeof one) < 0 && errno == EINTR) {
  }
  thread_.join();
  close(ended_);
  close(signals_);
}

void SignalWatch::watch() {
  const int first = wait_for_signal(signals_, ended_, -1);
  if (first == 0) return;
  caught_ = first;
  source_.request_stop();
  const int second = wait_for_signal(signals_, ended_, kGraceMilliseconds);
  if (second == 0 && can_read(ended_)) return;
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
