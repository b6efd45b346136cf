#include "tests/cli/terminal.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

#include "tests/cli/run_salus.h"

namespace salus::test {

Terminal::Terminal(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), salus_program());
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  winsize size{.ws_row = 24, .ws_col = 100, .ws_xpixel = 0, .ws_ypixel = 0};
  child_ = forkpty(&screen_, nullptr, nullptr, &size);
  if (child_ < 0) throw std::system_error(errno, std::generic_category(), "forkpty");
  if (child_ == 0) {
    setenv("TERM", "xterm", 1);
    execv(argv[0], argv.data());
    _exit(127);
  }
}

Terminal::~Terminal() {
  if (child_ > 0) {
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
  }
  close(screen_);
}

void Terminal::type(std::string_view keys) const {
  ASSERT_EQ(write(screen_, keys.data(), keys.size()), static_cast<ssize_t>(keys.size()));
}

const std::string& Terminal::read_until(std::string_view text, std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (shown_.find(text) == std::string::npos && std::chrono::steady_clock::now() < end)
    if (!read_some()) break;
  return shown_;
}

int Terminal::wait() {
  while (read_some()) continue;
  int status = 0;
  waitpid(child_, &status, 0);
  child_ = 0;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

bool Terminal::read_some() {
  pollfd ready{screen_, POLLIN, 0};
  if (poll(&ready, 1, 100) == 0) return true;
  std::array<char, 4096> buffer{};
  const ssize_t count = read(screen_, buffer.data(), buffer.size());
  if (count < 0 && errno == EINTR) return true;
  if (count <= 0) return false;
  shown_.append(buffer.data(), static_cast<std::size_t>(count));
  return true;
}

}  // namespace salus::test
