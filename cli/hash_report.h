// What `salus hash` says while results come in: lines on standard output and complaints on standard
// error, each at its place in the order of the files.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace salus::cli {

/// One thread at a time.
class HashReport {
 public:
  /// Where lines for standard output are collected. Call `keep_small` after adding some.
  std::string& lines() { return lines_; }
  /// Writes what was collected when it has become much.
  void keep_small();
  /// Writes what was collected and hands it to the operating system.
  void flush();

  /// "salus hash: TEXT" on standard error, behind the lines before it.
  void complain(std::string_view text);
  /// The same for a file or folder and what the system says: "NAME: No such file or directory".
  void complain(std::string_view name, int error);

  /// Has `action` run when the results of the first `files` files are through, now if they are.
  /// `files` never gets less from one call to the next.
  void when_through(std::uint64_t files, std::function<void()> action);
  /// Says that they are.
  void through(std::uint64_t files);
  /// Actions that wait for results.
  [[nodiscard]] std::size_t waiting() const { return actions_.size(); }

 private:
  std::string lines_;
  std::uint64_t through_ = 0;
  std::deque<std::pair<std::uint64_t, std::function<void()>>> actions_;
};

}  // namespace salus::cli
