// How far a verification came, for another one to go on from.
#pragma once

#include <deque>
#include <filesystem>
#include <mutex>
#include <string_view>
#include <vector>

#include "trial/seal/begun_log.h"
#include "trial/seal/file_journal.h"

namespace salus::trial {

/// A file with what was found unchanged, and another with how far large files were hashed. It is a
/// convenience: where it cannot be written, nothing is kept, and nothing is said. What was verified
/// is believed only of a file that the system says has not changed since.
class VerifyProgress {
 public:
  /// `path` may be empty for nowhere. `run` stands for what is verified: another one is not gone on
  /// with.
  VerifyProgress(std::filesystem::path path, std::string_view run);

  /// What an earlier run of the same left; empty without one.
  [[nodiscard]] std::vector<JournalEntry> load() const;
  /// Files that it was in the middle of, of those that somebody wants; to be called once.
  [[nodiscard]] BegunFiles load_begun(const std::function<bool(std::uint64_t name)>& is_wanted);

  /// Thread safe.
  void add(const JournalEntry& entry);
  /// Some chunks of a file that is still being hashed.
  void add(const BegunPart& part);
  /// Writes what was added since.
  void save();
  /// Everything is done: nobody has to go on.
  void remove();

 private:
  std::filesystem::path path_;
  std::uint64_t run_;
  std::mutex mutex_;
  /// Of this run, and those loaded that still hold, as far as they are not saved; guarded.
  std::deque<JournalEntry> entries_;
  std::size_t saved_ = 0;
  BegunLog begun_;  ///< Guarded.
};

}  // namespace salus::trial
