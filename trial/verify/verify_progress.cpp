#include "trial/verify/verify_progress.h"

#include <system_error>
#include <utility>

#include "engine/error.h"

namespace salus::trial {

VerifyProgress::VerifyProgress(std::filesystem::path path, std::string_view run)
    : path_(std::move(path)), run_(journal_name(run)) {}

std::vector<JournalEntry> VerifyProgress::load() const {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path_, error);
  if (error || path_.empty()) return {};
  std::vector<JournalEntry> entries =
      read_journal(path_, size / kJournalEntryBytes * kJournalEntryBytes);
  if (entries.empty() || entries.front().name != run_) return {};
  entries.erase(entries.begin());
  return entries;
}

void VerifyProgress::add(const JournalEntry& entry) {
  if (path_.empty()) return;
  const std::scoped_lock lock(mutex_);
  entries_.push_back(entry);
}

void VerifyProgress::save() {
  if (path_.empty()) return;
  const std::scoped_lock lock(mutex_);
  if (saved_ == entries_.size()) return;
  try {
    using Mode = OutputFile::Mode;
    const bool fresh = saved_ == 0;
    OutputFile file(path_, fresh ? Mode::create : Mode::go_on, kJournalEntryBytes * (1 + saved_));
    if (fresh) append(file, {.name = run_, .identity = {}, .done = true});
    for (; saved_ < entries_.size(); ++saved_) append(file, entries_[saved_]);
    file.sync();
  } catch (const Error&) {
    path_.clear();
  }
}

void VerifyProgress::remove() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove(path_, ignored);
}

}  // namespace salus::trial
