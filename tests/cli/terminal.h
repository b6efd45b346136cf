// A pseudo-terminal with `salus` on it, its standard error and all. For tests.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace salus::test {

/// `salus` on a terminal of 100 columns; killed when the object goes.
class Terminal {
 public:
  explicit Terminal(std::vector<std::string> arguments);
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  void type(std::string_view keys) const;

  /// All that was shown up to the first `text`, or to the end or the time limit without it.
  const std::string& read_until(std::string_view text,
                                std::chrono::milliseconds limit = std::chrono::seconds(60));

  /// Reads to the end; the exit code as a shell gives it.
  int wait();

  [[nodiscard]] const std::string& shown() const { return shown_; }

 private:
  /// False at the end, which Linux reports as EIO.
  bool read_some();

  pid_t child_ = 0;
  int screen_ = -1;
  std::string shown_;
};

}  // namespace salus::test
