#include "trial/manifest/manifest_check.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <map>

#include "engine/error.h"
#include "trial/content/content_hasher.h"
#include "trial/content/study_walk.h"

namespace salus::trial {
namespace {

namespace fs = std::filesystem;

constexpr auto kProgressInterval = std::chrono::milliseconds(100);

/// A path that is in the folder, in the manifest, or in both.
struct Item {
  std::string path;
  const ManifestFile* listed = nullptr;
  bool found = false;
  std::string kind;     ///< What it is, where that is no regular file.
  std::string problem;  ///< Why it could not be hashed.
  std::optional<Digest> digest{};
};

class Client final : public ContentClient {
 public:
  explicit Client(std::vector<Item>& items) : items_(items) {}

  Supply take(std::vector<ContentTask>& tasks, std::size_t limit) override {
    for (; next_ != items_.size() && tasks.size() < limit; ++next_)
      if (const Item& item = items_[next_]; item.found && item.kind.empty() && item.problem.empty())
        tasks.push_back({next_, items_[next_].path});
    return next_ == items_.size() ? Supply::end : Supply::more;
  }

  void done(const ContentTask& task, ContentResult&& result) override {
    Item& item = items_[task.index];
    if (!result.kind.empty())
      item.kind = result.kind;
    else if (result.error != 0)
      item.problem = std::strerror(result.error);
    else if (result.changed)
      item.problem = "changes while it is read";
    else
      item.digest = result.digest;
  }

 private:
  std::vector<Item>& items_;
  std::size_t next_ = 0;
};

/// The file's path from the folder on, or empty when it is elsewhere.
std::string path_below(const fs::path& folder, const fs::path& file) {
  std::error_code error;
  const fs::path relative =
      fs::canonical(file, error).lexically_relative(fs::canonical(folder, error));
  return error || relative.string().starts_with("..") ? std::string() : relative.string();
}

std::vector<Item> list_items(const StudyFolder& study, const Manifest& manifest,
                             const std::string& own_path) {
  std::map<std::string, Item, std::less<>> items;
  for (const ManifestFile& file : manifest.files) {
    Item& item = items[file.path];
    item.listed = &file;
  }
  const Exclusion nothing;
  StudyWalk walk(study, nothing);
  WalkEntry entry;
  while (walk.next(entry)) {
    const auto known = items.find(entry.path);
    if (known == items.end() && (entry.path == own_path || !entry.path.starts_with(manifest.scope)))
      continue;
    Item& item = items[entry.path];
    item.found = true;
    if (entry.error != 0) item.problem = std::strerror(entry.error);
    item.kind = entry.kind;
  }
  std::vector<Item> list;
  list.reserve(items.size());
  for (auto& [path, item] : items) {
    item.path = path;
    list.push_back(std::move(item));
  }
  return list;
}

Finding finding_of(const Item& item) {
  Finding finding;
  finding.path = item.path;
  finding.reason = item.problem;
  if (!item.found) {
    finding.outcome = Outcome::missing;
  } else if (!item.kind.empty()) {
    finding.outcome = item.listed == nullptr ? Outcome::added : Outcome::changed;
    finding.reason = "is a " + item.kind + (item.listed == nullptr ? "" : " now");
  } else if (!item.problem.empty()) {
    finding.outcome = Outcome::unreadable;
  } else if (item.listed == nullptr) {
    finding.outcome = Outcome::added;
  } else if (item.digest != item.listed->digest) {
    finding.outcome = Outcome::changed;
  }
  return finding;
}

/// Gives a missing file and an added one with its digest one finding, under the old name.
void join_renamed(std::vector<Item>& items, std::vector<Finding>& findings) {
  std::multimap<Digest, std::size_t> added;
  for (std::size_t i = 0; i < items.size(); ++i)
    if (findings[i].outcome == Outcome::added && items[i].digest)
      added.emplace(*items[i].digest, i);
  std::vector<bool> gone(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (findings[i].outcome != Outcome::missing) continue;
    const auto same = added.find(items[i].listed->digest);
    if (same == added.end()) continue;
    findings[i].outcome = Outcome::renamed;
    findings[i].new_path = items[same->second].path;
    gone[same->second] = true;
    added.erase(same);
  }
  std::size_t i = 0;
  std::erase_if(findings, [&](const Finding&) { return gone[i++]; });
}

}  // namespace

VerifySummary verify_manifest(const fs::path& folder, const Manifest& manifest,
                              const fs::path& manifest_file, const OnFinding& on_finding,
                              const engine::CpuOptions& cpu, const engine::JobControl& control) {
  const StudyFolder study(folder);
  std::vector<Item> items = list_items(study, manifest, path_below(folder, manifest_file));
  VerifySummary summary;
  {
    Client client(items);
    const engine::LaneHasher lanes(cpu);
    ContentHasher hasher(study, client, {.whole_digests = true, .look_again = false, .cpu = cpu},
                         lanes);
    while (!hasher.wait_for(kProgressInterval)) {
      if (control.stop.stop_requested()) throw Cancelled();
      if (control.progress) control.progress(hasher.bytes(), 0);
    }
    summary.bytes = hasher.bytes();
  }
  std::vector<Finding> findings;
  findings.reserve(items.size());
  for (const Item& item : items) findings.push_back(finding_of(item));
  join_renamed(items, findings);
  for (const Finding& finding : findings) {
    ++summary.files[static_cast<std::size_t>(finding.outcome)];
    on_finding(finding);
  }
  return summary;
}

}  // namespace salus::trial
