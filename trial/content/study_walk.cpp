#include "trial/content/study_walk.h"

#include <dirent.h>
#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <utility>

namespace salus::trial {
namespace {

struct CloseFolder {
  void operator()(DIR* folder) const { closedir(folder); }
};

/// Numbers that are in the order of the texts where those differ in their first eight bytes. Names
/// hold no NUL, so that a shorter one comes before those that go on.
std::uint64_t front_of(std::string_view text) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < sizeof out; ++i)
    out = out << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0U);
  return out;
}

}  // namespace

void StudyWalk::Level::add(std::string_view text, unsigned char type, int error) {
  Name name{.begin = texts.size(), .error = error, .type = type};
  texts.append(text);
  if (type == DT_DIR) texts.push_back('/');
  name.length = static_cast<std::uint32_t>(texts.size() - name.begin);
  name.front = front_of(std::string_view(texts).substr(name.begin));
  names.push_back(name);
}

void StudyWalk::Level::sort() {
  std::sort(names.begin(), names.end(), [this](const Name& a, const Name& b) {
    return a.front != b.front ? a.front > b.front : text(a) > text(b);
  });
}

StudyWalk::StudyWalk(const StudyFolder& study, const Exclusion& exclusion)
    : study_(study), exclusion_(exclusion) {
  root_error_ = enter("");
}

int StudyWalk::enter(const std::string& path) {
  Level& level = levels_.emplace_back();
  if (!path.empty()) level.prefix = path + '/';
  files::Descriptor descriptor = study_.open_folder(path, O_RDONLY);
  if (!descriptor.is_open()) return errno;
  const std::unique_ptr<DIR, CloseFolder> folder(fdopendir(descriptor.number()));
  if (!folder) return errno;
  const int number = descriptor.release();  // closed with the stream
  errno = 0;
  while (const dirent* const entry = readdir(folder.get())) {
    const std::string_view text = entry->d_name;
    if (text == "." || text == "..") continue;
    unsigned char type = entry->d_type;
    int error = 0;
    if (type == DT_UNKNOWN) {
      // The file system keeps it to itself.
      struct stat status {};
      if (fstatat(number, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0)
        type = static_cast<unsigned char>(IFTODT(status.st_mode));
      else
        error = errno;
    }
    level.add(text, type, error);
    errno = 0;
  }
  const int error = errno;
  level.sort();
  return error;
}

bool StudyWalk::next(WalkEntry& entry) {
  if (root_error_ != 0) {
    entry = {".", "", std::exchange(root_error_, 0)};
    return true;
  }
  while (!levels_.empty()) {
    Level& level = levels_.back();
    if (level.names.empty()) {
      levels_.pop_back();
      continue;
    }
    const Name name = level.names.back();
    level.names.pop_back();
    entry.path.assign(level.prefix).append(level.text(name));
    entry.kind = "";
    entry.error = name.error;
    if (name.type == DT_DIR) entry.path.pop_back();
    if (!exclusion_.empty() && exclusion_.matches(entry.path)) continue;
    if (name.type == DT_DIR) {
      entry.error = enter(entry.path);
      if (entry.error != 0) return true;
      continue;
    }
    if (entry.error == 0) entry.kind = special_kind(DTTOIF(name.type));
    return true;
  }
  return false;
}

std::uint64_t bytes_below(const StudyFolder& study, const Exclusion& exclusion,
                          const std::stop_token& stop) {
  StudyWalk walk(study, exclusion);
  std::uint64_t bytes = 0;
  for (WalkEntry entry; walk.next(entry);) {
    if (stop.stop_requested()) return 0;
    struct stat status {};
    if (entry.kind.empty() && entry.error == 0 &&
        fstatat(study.descriptor(), entry.path.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0)
      bytes += static_cast<std::uint64_t>(status.st_size);
  }
  return bytes;
}

}  // namespace salus::trial
