// Other people's programs, run by tests.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace salus::test {

/// Where it is, on the path or in /usr/sbin; nothing when it is not installed.
std::optional<std::string> find_program(const std::string& name);

/// A process; killed by the destructor where it still runs. Its output goes to `output_file`.
class Program {
 public:
  Program(const std::vector<std::string>& command, const std::string& output_file,
          const std::string& input_file = "/dev/null");
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  void send(int signal) const;
  /// Asks it to end (SIGTERM).
  void terminate() const;
  /// Waits for its end; the exit code, -1 after a signal.
  int wait();

 private:
  pid_t pid_ = -1;
};

}  // namespace salus::test
