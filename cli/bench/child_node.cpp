#include "cli/bench/child_node.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string_view>

#include "engine/error.h"

namespace salus::cli::bench {
namespace {

constexpr std::string_view kListening = "listening: ";
constexpr std::string_view kRunning = "running: ";

struct SpawnActions {
  SpawnActions() { posix_spawn_file_actions_init(&actions); }
  ~SpawnActions() { posix_spawn_file_actions_destroy(&actions); }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
  posix_spawn_file_actions_t actions{};
};

[[noreturn]] void fail(const std::string& what) {
  throw Error(ErrorKind::system, "the node did not start: " + what);
}

}  // namespace

ProcessUse process_use(pid_t process) {
  ProcessUse use;
  const std::string folder = "/proc/" + std::to_string(process);
  std::ifstream stat(folder + "/stat");
  const std::string text{std::istreambuf_iterator<char>(stat), {}};
  const std::size_t behind_name = text.rfind(')');
  if (behind_name == std::string::npos) return use;
  // proc(5): behind the name come the state and ten more fields, then utime and stime.
  std::istringstream fields(text.substr(behind_name + 1));
  std::string passed_over;
  for (int i = 0; i < 11; ++i) fields >> passed_over;
  double user = 0;
  double system = 0;
  fields >> user >> system;
  use.cpu_seconds = (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
  std::ifstream statm(folder + "/statm");
  double total = 0;
  double resident = 0;
  statm >> total >> resident;
  constexpr double kMib = 1 << 20;
  use.resident_mib = resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / kMib;
  return use;
}

ChildNode::ChildNode(const std::string& folder) {
  {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) fail(std::strerror(errno));
    errors_ = files::Descriptor(ends[0]);
    const files::Descriptor write_end(ends[1]);
    start(folder, write_end.number());
  }  // our write end is closed: what can be read ends with the child
  try {
    wait_for_start();
  } catch (...) {
    end();
    throw;
  }
  drain_ = std::jthread([this] {
    std::string line;
    while (read_line(line)) {
    }
  });
}

ChildNode::~ChildNode() { end(); }

void ChildNode::end() {
  kill(process_, SIGTERM);
  while (waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

/// False at the end.
bool ChildNode::read_line(std::string& line) {
  std::array<char, 4096> piece;
  for (;;) {
    const std::size_t end = unread_.find('\n');
    if (end != std::string::npos) {
      line = unread_.substr(0, end);
      unread_.erase(0, end + 1);
      return true;
    }
    const ssize_t got = read(errors_.number(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    unread_.append(piece.data(), static_cast<std::size_t>(got));
  }
}

void ChildNode::wait_for_start() {
  std::string line;
  std::string last;
  while (read_line(line)) {
    if (line.starts_with(kListening)) addresses_.push_back(line.substr(kListening.size()));
    if (line.starts_with(kRunning)) return;
    last = line;
  }
  fail(last);
}

std::string ChildNode::address(const std::string& scheme) const {
  for (const std::string& address : addresses_)
    if (address.starts_with(scheme + "://")) return address;
  throw Error(ErrorKind::usage, "the node does not listen for " + scheme);
}

void ChildNode::start(const std::string& folder, int error_output) {
  SpawnActions spawn;
  posix_spawn_file_actions_addopen(&spawn.actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&spawn.actions, error_output, STDERR_FILENO);
  std::array<std::string, 4> arguments = {"salus", "node", "run", folder};
  std::array<char*, 5> pointers{};
  for (std::size_t i = 0; i < arguments.size(); ++i) pointers.at(i) = arguments.at(i).data();
  const int error =
      posix_spawn(&process_, "/proc/self/exe", &spawn.actions, nullptr, pointers.data(), environ);
  if (error != 0) fail(std::strerror(error));
}

}  // namespace salus::cli::bench
