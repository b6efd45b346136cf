#include "trial/verify/verify_progress.h"

#include <limits>
#include <system_error>
#include <utility>

#include "engine/error.h"

namespace salus::trial {

namespace {

std::filesystem::path begun_path(std::filesystem::path path) { return path += ".begun"; }

}  // namespace

VerifyProgress::VerifyProgress(std::filesystem::path path, std::string_view run)
    : path_(std::move(path)), run_(journal_name(run)), begun_(begun_path(path_), run) {}

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

BegunFiles VerifyProgress::load_begun(const std::function<bool(std::uint64_t name)>& is_wanted) {
  if (path_.empty()) return {};
  const std::scoped_lock lock(mutex_);
  return begun_.load(std::numeric_limits<std::uint64_t>::max(), is_wanted);
}

void VerifyProgress::add(const BegunPart& part) {
  const std::scoped_lock lock(mutex_);
  if (path_.empty()) return;
  try {
    begun_.append(part.task, part);
  } catch (const Error&) {
    path_.clear();
  }
}

void VerifyProgress::add(const JournalEntry& entry) {
  if (path_.empty()) return;
  const std::scoped_lock lock(mutex_);
  entries_.push_back(entry);
}

void VerifyProgress::save() {
  if (path_.empty()) return;
  const std::scoped_lock lock(mutex_);
  try {
    begun_.sync();
    if (entries_.empty()) return;
    using Mode = OutputFile::Mode;
    const bool fresh = saved_ == 0;
    OutputFile file(path_, fresh ? Mode::create : Mode::go_on, kJournalEntryBytes * (1 + saved_));
    if (fresh) append(file, {.name = run_, .identity = {}, .done = true});
    for (const JournalEntry& entry : entries_) append(file, entry);
    file.sync();
    saved_ += entries_.size();
    entries_.clear();
  } catch (const Error&) {
    path_.clear();
  }
}

void VerifyProgress::remove() {
  std::error_code ignored;
  if (path_.empty()) return;
  std::filesystem::remove(path_, ignored);
  std::filesystem::remove(begun_path(path_), ignored);
}

}  // namespace salus::trial
