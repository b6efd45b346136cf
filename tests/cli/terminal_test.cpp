// What a person at a terminal sees: the program runs on a pseudo-terminal, its standard error and
// all.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "tests/cli/run_salus.h"
#include "tests/support/temporary_folder.h"

namespace salus::test {
namespace {

using testing::ContainsRegex;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

constexpr std::string_view kEraseLine = "\r\x1b[K";

/// `salus` on a terminal of 100 columns; killed when the object goes.
class Terminal {
 public:
  explicit Terminal(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), SALUS_BINARY);
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
  ~Terminal() {
    if (child_ > 0) {
      kill(child_, SIGKILL);
      waitpid(child_, nullptr, 0);
    }
    close(screen_);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  void type(std::string_view keys) const {
    ASSERT_EQ(write(screen_, keys.data(), keys.size()), static_cast<ssize_t>(keys.size()));
  }

  /// All that was shown up to the first `text`, or to the end or the time limit without it.
  const std::string& read_until(std::string_view text, std::chrono::milliseconds limit = 60s) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (shown_.find(text) == std::string::npos && std::chrono::steady_clock::now() < end)
      if (!read_some()) break;
    return shown_;
  }

  /// Reads to the end; the exit code as a shell gives it.
  int wait() {
    while (read_some()) continue;
    int status = 0;
    waitpid(child_, &status, 0);
    child_ = 0;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }

  [[nodiscard]] const std::string& shown() const { return shown_; }

 private:
  /// False at the end, which Linux reports as EIO.
  bool read_some() {
    pollfd ready{screen_, POLLIN, 0};
    if (poll(&ready, 1, 100) == 0) return true;
    std::array<char, 4096> buffer{};
    const ssize_t count = read(screen_, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) return true;
    if (count <= 0) return false;
    shown_.append(buffer.data(), static_cast<std::size_t>(count));
    return true;
  }

  pid_t child_ = 0;
  int screen_ = -1;
  std::string shown_;
};

std::vector<std::string> endless_search() {
  return {"mine", "--header", std::string(160, '0'), "--bits", "03000001"};
}

TEST(Terminal, ShowsTheRateOfASearchUntilCtrlC) {
  Terminal terminal(endless_search());
  EXPECT_THAT(terminal.read_until("MH/s"), ContainsRegex("[0-9.]+ MH/s"));
  terminal.type("\x03");
  EXPECT_EQ(terminal.wait(), 128 + SIGINT);
  EXPECT_THAT(terminal.shown(), HasSubstr(std::string(kEraseLine) + "stopped after "));
}

/// A file that would take minutes to hash and no room on the disk.
std::string vast_file(const TemporaryFolder& folder) {
  std::string path = folder.write("vast", "");
  std::filesystem::resize_file(path, std::uintmax_t{1} << 40);
  return path;
}

TEST(Terminal, ShowsProgressAfterASecondAndTakesItAway) {
  const TemporaryFolder folder;
  Terminal terminal({"hash", vast_file(folder)});
  EXPECT_THAT(terminal.read_until(" left"), ContainsRegex("[0-9]+ % \\[[#-]+\\].* [MG]B/s"));
  terminal.type("\x03");
  EXPECT_EQ(terminal.wait(), 128 + SIGINT);
  EXPECT_THAT(terminal.shown(), HasSubstr(kEraseLine));
}

TEST(Terminal, ShowsNoProgressWithQuiet) {
  const TemporaryFolder folder;
  Terminal terminal({"--quiet", "hash", vast_file(folder)});
  EXPECT_THAT(terminal.read_until("%", 2500ms), Not(HasSubstr("%")));
  terminal.type("\x03");
  EXPECT_EQ(terminal.wait(), 128 + SIGINT);
}

}  // namespace
}  // namespace salus::test
