// How far large files were hashed, so that another run can go on in the middle of one.
//
// A log: parts of files, one behind the other, each with a digest over itself and all before it. So
// what a crash has cut short, or a disk has changed, ends the log there, and nothing behind it is
// believed; and the log of another run has no part that holds. It takes up 32 bytes for each MiB.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "trial/content/begun_file.h"
#include "trial/seal/output_file.h"

namespace salus::trial {

/// By the name that a run has for a file, as in `JournalEntry`.
using BegunFiles = std::unordered_map<std::uint64_t, BegunFile>;

/// One thread at a time. Members throw `Error` (system) when something cannot be written.
class BegunLog {
 public:
  /// Of the run that `run` stands for. Begins a new log with the first part that is added, in place
  /// of one that is there.
  BegunLog(std::filesystem::path path, std::string_view run);

  /// Goes on with the log that is there. What it says of files that somebody wants, in its first
  /// `limit` bytes and as far as it holds; what follows is dropped with the next part. Throws
  /// `Error` (input) when it cannot be read.
  BegunFiles load(std::uint64_t limit, const std::function<bool(std::uint64_t name)>& is_wanted);

  void append(std::uint64_t name, const BegunPart& part);
  void sync();

  /// Bytes so far.
  [[nodiscard]] std::uint64_t size() const { return size_; }

 private:
  std::filesystem::path path_;
  Digest chain_;  ///< Over all parts so far.
  std::uint64_t size_ = 0;
  std::optional<OutputFile> file_;  ///< As soon as there is something to write.
};

}  // namespace salus::trial
