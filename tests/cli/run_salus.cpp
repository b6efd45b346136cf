#include "tests/cli/run_salus.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <system_error>

#include "tests/support/places.h"

namespace salus::test {
namespace {

[[noreturn]] void fail(const std::string& what, int error = errno) {
  throw std::system_error(error, std::generic_category(), what);
}

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) fail("pipe2");
    read = ends[0];
    write = ends[1];
  }
  ~Pipe() {
    close_read();
    close_write();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  void close_read() { close_end(read); }
  void close_write() { close_end(write); }

  int read = -1;
  int write = -1;

 private:
  static void close_end(int& end) {
    if (end >= 0) close(end);
    end = -1;
  }
};

struct FileActions {
  FileActions() { posix_spawn_file_actions_init(&actions); }
  ~FileActions() { posix_spawn_file_actions_destroy(&actions); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  posix_spawn_file_actions_t actions{};
};

std::vector<std::string> merged_environment(const std::vector<std::string>& changes) {
  std::vector<std::string> result = changes;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const std::string name = text.substr(0, text.find('=') + 1);
    const bool replaced = std::any_of(changes.begin(), changes.end(),
                                      [&](const std::string& c) { return c.starts_with(name); });
    if (!replaced) result.push_back(text);
  }
  return result;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> result;
  for (std::string& text : strings) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

/// Moves bytes until both outputs are at their end.
class Conversation {
 public:
  Conversation(pid_t child, const RunOptions& options, Pipe& in, Pipe& out, Pipe& err)
      : child_(child), options_(options), in_(in), out_(out), err_(err) {}

  RunResult hold() {
    fcntl(in_.write, F_SETFL, O_NONBLOCK);
    while (out_.read >= 0 || err_.read >= 0) step();
    return result_;
  }

 private:
  void step() {
    if (in_.write >= 0 && sent_ == options_.stdin_text.size()) in_.close_write();
    std::array<pollfd, 3> waits = {
        {{out_.read, POLLIN, 0}, {err_.read, POLLIN, 0}, {in_.write, POLLOUT, 0}}};
    if (poll(waits.data(), waits.size(), -1) < 0) {
      if (errno == EINTR) return;
      fail("poll");
    }
    if (waits[0].revents != 0) take(out_, result_.out);
    if (waits[1].revents != 0) take(err_, result_.err);
    if (waits[2].revents != 0) give();
    if (options_.signal != 0 && !signalled_ &&
        result_.err.find(options_.signal_after) != std::string::npos) {
      signalled_ = true;
      kill(child_, options_.signal);
    }
  }

  static void take(Pipe& pipe, std::string& text) {
    std::array<char, 65536> buffer{};
    const ssize_t count = read(pipe.read, buffer.data(), buffer.size());
    if (count > 0)
      text.append(buffer.data(), static_cast<std::size_t>(count));
    else if (count == 0 || errno != EINTR)
      pipe.close_read();
  }

  void give() {
    const ssize_t count =
        write(in_.write, options_.stdin_text.data() + sent_, options_.stdin_text.size() - sent_);
    if (count >= 0)
      sent_ += static_cast<std::size_t>(count);
    else if (errno != EAGAIN && errno != EINTR)
      in_.close_write();  // the program does not want more
  }

  pid_t child_;
  const RunOptions& options_;
  Pipe& in_;
  Pipe& out_;
  Pipe& err_;
  RunResult result_;
  std::size_t sent_ = 0;
  bool signalled_ = false;
};

int shell_exit_code(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) fail("waitpid");
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

std::string salus_program() { return built_file("cli/salus"); }

RunResult run_salus(const std::vector<std::string>& arguments, const RunOptions& options) {
  std::signal(SIGPIPE, SIG_IGN);  // a program that does not read its input is no reason to die
  std::vector<std::string> argv_text = {salus_program()};
  argv_text.insert(argv_text.end(), arguments.begin(), arguments.end());
  std::vector<std::string> environment_text = merged_environment(options.environment);

  Pipe in;
  Pipe out;
  Pipe err;
  FileActions files;
  posix_spawn_file_actions_adddup2(&files.actions, in.read, 0);
  if (options.without_stdout)
    posix_spawn_file_actions_addclose(&files.actions, 1);
  else if (options.stdout_path.empty())
    posix_spawn_file_actions_adddup2(&files.actions, out.write, 1);
  else
    posix_spawn_file_actions_addopen(&files.actions, 1, options.stdout_path.c_str(),
                                     O_WRONLY | O_CREAT | O_TRUNC, 0644);
  posix_spawn_file_actions_adddup2(&files.actions, err.write, 2);
  if (!options.directory.empty())
    posix_spawn_file_actions_addchdir_np(&files.actions, options.directory.c_str());
  if (options.close_stdout) out.close_read();

  // The child shall meet SIGPIPE as it would from a shell.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t defaults;
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);

  pid_t child = 0;
  const int error = posix_spawn(&child, argv_text.front().c_str(), &files.actions, &attributes,
                                pointers(argv_text).data(), pointers(environment_text).data());
  posix_spawnattr_destroy(&attributes);
  if (error != 0) fail("posix_spawn " + argv_text.front(), error);
  in.close_read();
  out.close_write();
  err.close_write();
  RunResult result = Conversation(child, options, in, out, err).hold();
  result.exit_code = shell_exit_code(child);
  return result;
}

std::size_t line_count(std::string_view text) {
  const auto ends = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  return ends + (text.empty() || text.back() == '\n' ? 0 : 1);
}

std::string read_text(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) fail(file.c_str());
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace salus::test
