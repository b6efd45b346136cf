// `salus node run` as a process of its own, whose memory and time are its own, too.
#pragma once

#include <sys/types.h>

#include <string>
#include <thread>
#include <vector>

#include "engine/files/descriptor.h"

namespace salus::cli::bench {

/// What a process has used.
struct ProcessUse {
  double cpu_seconds = 0;
  double resident_mib = 0;
};

/// Of a process that is there; zeros for one that is not.
ProcessUse process_use(pid_t process);

class ChildNode {
 public:
  /// Starts this program again, and waits until the node listens. Throws `Error` (system) with what
  /// it said where it does not.
  explicit ChildNode(const std::string& folder);
  /// Has it stop, and waits for that.
  ~ChildNode();
  ChildNode(const ChildNode&) = delete;
  ChildNode& operator=(const ChildNode&) = delete;

  [[nodiscard]] pid_t process() const { return process_; }
  /// Where it listens with this scheme. Throws `Error` (usage) where it does not.
  [[nodiscard]] std::string address(const std::string& scheme) const;

 private:
  void start(const std::string& folder, int error_output);
  void wait_for_start();
  void end();
  bool read_line(std::string& line);

  pid_t process_ = -1;
  files::Descriptor errors_;
  std::string unread_;
  std::vector<std::string> addresses_;
  std::jthread drain_;
};

}  // namespace salus::cli::bench
