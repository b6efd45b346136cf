#include "trial/verify/verification.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <string>
#include <system_error>
#include <unordered_map>
#include <utility>

#include "engine/error.h"
#include "trial/content/study_walk.h"
#include "trial/verify/changed_file.h"
#include "trial/verify/content_key.h"
#include "trial/verify/file_run.h"
#include "trial/verify/verify_progress.h"

namespace salus::trial {
namespace {

/// What is in the folder and not in the seal.
struct Extra {
  WalkEntry entry;
  ContentResult result;     ///< Where it was hashed.
  bool is_renamed = false;  ///< Told of already, as the new name of a sealed file.
};

/// What a resumed verification has to have in common with the one before.
std::string run_name(const VerifyRequest& request) {
  return std::filesystem::weakly_canonical(request.folder)
      .string()
      .append(to_hex(request.seal->root()))
      .append(request.whole_digests ? " whole" : " chunks");
}

class Verification {
 public:
  Verification(const VerifyRequest& request, const OnFinding& on_finding,
               const engine::JobControl& control)
      : request_(request),
        on_finding_(on_finding),
        control_(control),
        seal_(*request.seal),
        files_(seal_.seal().files),
        study_(request.folder),
        exclusion_(seal_.seal().header.excludes),
        progress_(request.progress_file, run_name(request)),
        unchanged_(files_.size()) {}

  VerifySummary run() {
    if (request_.resume) take_over();
    try {
      hash_sealed();
      hash_extras();
      find_renamed();
      report();
    } catch (const Cancelled&) {
      progress_.save();
      throw;
    }
    progress_.remove();
    return summary_;
  }

 private:
  void take_over();
  void hash_sealed();
  [[nodiscard]] const BegunFile* begun(std::uint64_t number) const;
  void save(ContentHasher& content);
  void compare(std::uint64_t number, ContentResult&& result);
  [[nodiscard]] bool is_as_sealed(const SealedFile& file, const ContentResult& result) const;
  void walk();
  void hash_extras();
  void find_renamed();
  void report();
  void report_sealed(std::uint32_t number);
  Finding finding_of(const SealedFile& file, const ContentResult& result);
  void report_extra(const Extra& extra);
  void deliver(const Finding& finding) {
    ++summary_.files[static_cast<std::size_t>(finding.outcome)];
    on_finding_(finding);
  }
  [[nodiscard]] ContentOptions content_options() const {
    return {.whole_digests = request_.whole_digests, .look_again = false, .cpu = request_.cpu};
  }

  const VerifyRequest& request_;
  const OnFinding& on_finding_;
  const engine::JobControl& control_;
  const SealFolder& seal_;
  const std::vector<SealedFile>& files_;
  const StudyFolder study_;
  const Exclusion exclusion_;
  VerifyProgress progress_;

  BegunFiles begun_;                     ///< By the earlier run, by number of the file.
  std::vector<std::uint8_t> unchanged_;  ///< For each sealed file; one writer each.
  std::mutex mutex_;  ///< Guards the next, and `summary_`, while files are hashed.
  std::map<std::uint64_t, ContentResult> differing_;  ///< By number of the file.
  std::vector<Extra> extras_;                         ///< In the order of paths.
  std::map<std::uint64_t, std::string> renamed_;      ///< Missing files, and where they are.
  std::unordered_map<Digest, std::uint32_t, ContentKeyHash> sealed_contents_;
  Finding unchanged_finding_;  ///< For one file after the other.
  VerifySummary summary_;
};

/// Files that an earlier run found unchanged, and that the system says are still the same.
void Verification::take_over() {
  StudyOpener opener(study_);
  for (const JournalEntry& entry : progress_.load()) {
    if (entry.name >= files_.size() || unchanged_[entry.name] != 0) continue;
    const StudyFile file = opener.open(files_[entry.name].path);
    if (file.error != 0 || !file.kind.empty() || file.identity != entry.identity) continue;
    unchanged_[entry.name] = 1;
    ++summary_.resumed;
    summary_.resumed_bytes += entry.identity.size;
    progress_.add(entry);
  }
  begun_ = progress_.load_begun(
      [this](std::uint64_t name) { return name < files_.size() && unchanged_[name] == 0; });
}

void Verification::hash_sealed() {
  const FileList list{
      .size = files_.size(),
      .path =
          [this](std::uint64_t i) {
            return unchanged_[i] != 0 ? std::string_view() : std::string_view(files_[i].path);
          },
      .done = [this](std::uint64_t i, ContentResult&& result) { compare(i, std::move(result)); },
      .begun = [this](std::uint64_t i) { return begun(i); }};
  const Meanwhile meanwhile{.at_once = [this] { walk(); },
                            .save = [this](ContentHasher& content) { save(content); }};
  summary_.bytes +=
      hash_list(study_, list, content_options(), seal_.hasher(), control_, 0, meanwhile);
}

const BegunFile* Verification::begun(std::uint64_t number) const {
  const auto found = begun_.find(number);
  return found == begun_.end() ? nullptr : &found->second;
}

void Verification::save(ContentHasher& content) {
  content.visit_begun([this](const BegunPart& part) { progress_.add(part); });
  progress_.save();
}

void Verification::compare(std::uint64_t number, ContentResult&& result) {
  if (result.begun_chunks != 0) {
    const std::scoped_lock lock(mutex_);
    summary_.resumed_bytes += result.begun_chunks * kChunkBytes;
  }
  if (is_as_sealed(files_[number], result)) {
    unchanged_[number] = 1;
    progress_.add({.name = number, .identity = result.identity, .done = true});
    return;
  }
  const std::scoped_lock lock(mutex_);
  differing_.emplace(number, std::move(result));
}

bool Verification::is_as_sealed(const SealedFile& file, const ContentResult& result) const {
  if (result.error != 0 || !result.kind.empty() || result.changed) return false;
  if (result.digest && *result.digest != file.digest) return false;
  if (result.chunks.empty() || !file.chunks) return result.chunks.empty() && !file.chunks;
  return result.chunks.size() == file.chunks->count &&
         content_key(result, seal_.hasher()) == file.chunks->root;
}

/// Both come in the order of paths, so that one look at each is enough.
void Verification::walk() {
  StudyWalk walk(study_, exclusion_);
  const std::vector<std::uint32_t>& order = seal_.by_path();
  std::size_t next = 0;
  WalkEntry entry;
  while (walk.next(entry)) {
    if (control_.stop.stop_requested()) throw Cancelled();
    int difference = -1;  // between the sealed path and this one
    for (; next < order.size(); ++next)
      if ((difference = files_[order[next]].path.compare(entry.path)) >= 0) break;
    const bool is_sealed = difference == 0;
    if (!is_sealed || entry.error != 0) extras_.push_back({entry, {}, false});
  }
}

/// Only where a sealed file is missing is it worth knowing what new ones hold.
void Verification::hash_extras() {
  const bool some_missing =
      std::any_of(differing_.begin(), differing_.end(), [](const auto& entry) {
        return entry.second.error == ENOENT || entry.second.error == ENOTDIR;
      });
  if (!some_missing) return;
  const FileList list{
      .size = extras_.size(),
      .path =
          [this](std::uint64_t i) {
            const WalkEntry& entry = extras_[i].entry;
            const bool is_file = entry.kind.empty() && entry.error == 0;
            return is_file ? std::string_view(entry.path) : std::string_view();
          },
      .done = [this](std::uint64_t i,
                     ContentResult&& result) { extras_[i].result = std::move(result); }};
  summary_.bytes +=
      hash_list(study_, list, content_options(), seal_.hasher(), control_, summary_.bytes, {});
}

void Verification::find_renamed() {
  if (differing_.empty()) return;
  for (std::uint32_t i = 0; i < files_.size(); ++i)
    sealed_contents_.try_emplace(content_key(files_[i]), i);
  std::unordered_multimap<Digest, Extra*, ContentKeyHash> new_names;
  for (Extra& extra : extras_)
    if (!extra.result.changed && (extra.result.digest || !extra.result.chunks.empty()))
      new_names.emplace(content_key(extra.result, seal_.hasher()), &extra);
  for (const auto& [number, result] : differing_) {
    if (result.error != ENOENT && result.error != ENOTDIR) continue;
    const auto found = new_names.find(content_key(files_[number]));
    if (found == new_names.end()) continue;
    renamed_[number] = found->second->entry.path;
    found->second->is_renamed = true;
    new_names.erase(found);
  }
}

/// Everything in the order of paths.
void Verification::report() {
  std::size_t next = 0;
  for (const std::uint32_t number : seal_.by_path()) {
    for (; next < extras_.size() && extras_[next].entry.path < files_[number].path; ++next)
      report_extra(extras_[next]);
    report_sealed(number);
  }
  for (; next < extras_.size(); ++next) report_extra(extras_[next]);
}

void Verification::report_sealed(std::uint32_t number) {
  const SealedFile& file = files_[number];
  if (unchanged_[number] == 0) return deliver(finding_of(file, differing_.at(number)));
  unchanged_finding_.path = file.path;
  deliver(unchanged_finding_);
}

Finding Verification::finding_of(const SealedFile& file, const ContentResult& result) {
  Finding finding;
  finding.path = file.path;
  const auto number = static_cast<std::uint64_t>(&file - files_.data());
  if (const auto renamed = renamed_.find(number); renamed != renamed_.end()) {
    finding.outcome = Outcome::renamed;
    finding.new_path = renamed->second;
  } else if (result.error == ENOENT || result.error == ENOTDIR) {
    finding.outcome = Outcome::missing;
  } else if (!result.kind.empty()) {
    finding.outcome = Outcome::changed;
    finding.reason = "is a " + std::string(result.kind) + " now";
  } else if (result.error != 0) {
    finding.outcome = Outcome::unreadable;
    finding.reason = std::generic_category().message(result.error);
  } else if (result.changed) {
    finding.outcome = Outcome::unreadable;
    finding.reason = "changes while it is read";
  } else if (const auto other = sealed_contents_.find(content_key(result, seal_.hasher()));
             other != sealed_contents_.end()) {
    // As after a swap: there is no use in comparing two different files.
    finding.outcome = Outcome::changed;
    finding.reason = "holds what was sealed as " + files_[other->second].path;
  } else {
    finding = examine_changed(request_, study_, file, result, control_);
  }
  return finding;
}

void Verification::report_extra(const Extra& extra) {
  if (extra.is_renamed) return;
  Finding finding;
  finding.path = extra.entry.path;
  if (extra.entry.error != 0) {
    finding.outcome = Outcome::unreadable;
    finding.reason = std::generic_category().message(extra.entry.error);
  } else {
    finding.outcome = Outcome::added;
    if (!extra.entry.kind.empty()) finding.reason = "is a " + std::string(extra.entry.kind);
  }
  deliver(finding);
}

}  // namespace

bool VerifySummary::all_unchanged() const {
  std::uint64_t all = 0;
  for (const std::uint64_t count : files) all += count;
  return of(Outcome::unchanged) == all;
}

VerifySummary verify_study(const VerifyRequest& request, const OnFinding& on_finding,
                           const engine::JobControl& control) {
  return Verification(request, on_finding, control).run();
}

}  // namespace salus::trial
