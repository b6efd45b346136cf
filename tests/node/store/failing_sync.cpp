#include "tests/node/store/failing_sync.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

namespace {
std::atomic<bool> failing = false;
}

/// Takes the place of libc's: a program's own symbols come first.
extern "C" int fdatasync(int descriptor) {
  if (failing) {
    errno = EIO;
    return -1;
  }
  return static_cast<int>(::syscall(SYS_fdatasync, descriptor));
}

namespace salus::test {

FailingSync::FailingSync() { failing = true; }
FailingSync::~FailingSync() { failing = false; }

}  // namespace salus::test
