#include "cli/signal_queue.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>

#include "engine/error.h"

namespace salus::cli {

sigset_t signal_set(std::initializer_list<int> signals) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals) sigaddset(&set, signal);
  return set;
}

SignalQueue::SignalQueue(const sigset_t& signals) {
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signals_ = files::Descriptor(signalfd(-1, &signals, SFD_CLOEXEC));
  ended_ = files::Descriptor(eventfd(0, EFD_CLOEXEC));
  if (!signals_.is_open() || !ended_.is_open())
    throw Error(ErrorKind::system, std::string("cannot watch for signals: ") + strerror(errno));
}

int SignalQueue::wait(int timeout_milliseconds) const {
  pollfd descriptors[2] = {{signals_.number(), POLLIN, 0}, {ended_.number(), POLLIN, 0}};
  while (poll(descriptors, 2, timeout_milliseconds) < 0 && errno == EINTR) {
  }
  if ((descriptors[0].revents & POLLIN) == 0) return 0;
  signalfd_siginfo info{};
  if (read(signals_.number(), &info, sizeof info) != sizeof info) return 0;
  return static_cast<int>(info.ssi_signo);
}

void SignalQueue::end() const {
  const std::uint64_t one = 1;
  // An eventfd takes one write without blocking; if it did not, whoever joins would show it.
  while (write(ended_.number(), &one, sizeof one) < 0 && errno == EINTR) {
  }
}

bool SignalQueue::has_ended() const {
  pollfd descriptor = {ended_.number(), POLLIN, 0};
  return poll(&descriptor, 1, 0) > 0;
}

}  // namespace salus::cli
