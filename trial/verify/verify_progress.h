// How far a verification came, for another one to go on from.
#pragma once

#include <filesystem>
#include <mutex>
#include <string_view>
#include <vector>

#include "trial/seal/file_journal.h"

namespace salus::trial {

/// A file with what was found unchanged. It is a convenience: where it cannot be written, nothing
/// is kept, and nothing is said. What was verified is believed only of a file that the system says
/// has not changed since.
class VerifyProgress {
 public:
  /// `path` may be empty for nowhere. `run` stands for what is verified: another one is not gone on
  /// with.
  VerifyProgress(std::filesystem::path path, std::string_view run);

  /// What an earlier run of the same left; empty without one.
  [[nodiscard]] std::vector<JournalEntry> load() const;

  /// Thread safe.
  void add(const JournalEntry& entry);
  /// Writes what was added since.
  void save();
  /// Everything is done: nobody has to go on.
  void remove();

 private:
  std::filesystem::path path_;
  std::uint64_t run_;
  std::mutex mutex_;
  std::vector<JournalEntry> entries_;  ///< Of this run, and those loaded that still hold; guarded.
  std::size_t saved_ = 0;
};

}  // namespace salus::trial
