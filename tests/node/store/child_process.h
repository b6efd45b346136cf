// A part of a test in a process of its own, that can be killed at any moment.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <vector>

namespace salus::test {

/// Runs `body` in a fork of this process, which must have no other threads at that time. The child
/// leaves by `_exit`, with 0 when `body` returned and 1 when it threw. It reports by `Reporter`.
class ChildProcess {
 public:
  /// Writes numbers into the pipe to the parent; a number that `reports` shows was written before a
  /// kill.
  using Reporter = std::function<void(std::uint64_t)>;

  explicit ChildProcess(const std::function<void(const Reporter&)>& body);
  /// Kills it when it still runs.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// Waits for the next report; false when the child has ended.
  bool next(std::uint64_t& report);
  /// SIGKILL, and all that it had reported and was not read yet.
  std::vector<std::uint64_t> kill();
  /// Waits for its end; the exit code, -1 after a signal.
  int wait();

 private:
  pid_t pid_ = -1;
  int pipe_ = -1;
};

}  // namespace salus::test
