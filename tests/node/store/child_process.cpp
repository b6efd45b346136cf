#include "tests/node/store/child_process.h"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <stdexcept>

namespace salus::test {

namespace {

[[noreturn]] void run_child(int pipe,
                            const std::function<void(const ChildProcess::Reporter&)>& body) {
  try {
    body([pipe](std::uint64_t number) {
      if (::write(pipe, &number, sizeof number) != static_cast<ssize_t>(sizeof number)) ::_exit(2);
    });
  } catch (const std::exception& error) {
    std::fprintf(stderr, "child: %s\n", error.what());
    ::_exit(1);
  }
  ::_exit(0);
}

}  // namespace

ChildProcess::ChildProcess(const std::function<void(const Reporter&)>& body) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) throw std::runtime_error("no pipe");
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error("no process");
  if (pid_ == 0) {
    ::close(ends[0]);
    run_child(ends[1], body);
  }
  ::close(ends[1]);
  pipe_ = ends[0];
}

ChildProcess::~ChildProcess() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    wait();
  }
  ::close(pipe_);
}

bool ChildProcess::next(std::uint64_t& report) {
  ssize_t count;
  do {
    count = ::read(pipe_, &report, sizeof report);
  } while (count < 0 && errno == EINTR);
  return count == static_cast<ssize_t>(sizeof report);
}

std::vector<std::uint64_t> ChildProcess::kill() {
  ::kill(pid_, SIGKILL);
  wait();
  std::vector<std::uint64_t> rest;
  for (std::uint64_t report = 0; next(report);) rest.push_back(report);
  return rest;
}

int ChildProcess::wait() {
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace salus::test
