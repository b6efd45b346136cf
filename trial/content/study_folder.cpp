#include "trial/content/study_folder.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "engine/error.h"
#include "trial/content/open_at.h"

namespace salus::trial {
namespace {

constexpr std::int64_t kNanoseconds = 1'000'000'000;

std::int64_t nanoseconds(const timespec& time) { return time.tv_sec * kNanoseconds + time.tv_nsec; }

/// A terminal must not become ours, a pipe not be waited for.
int open_file_at(int folder, const char* name) {
  const int number = open_at(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  // Somebody holds a lease on the file: without O_NONBLOCK the system waits for its end.
  if (number >= 0 || errno != EWOULDBLOCK) return number;
  return open_at(folder, name, O_RDONLY | O_NOFOLLOW);
}

}  // namespace

FileIdentity identity_of(const struct stat& status) {
  return {.device = status.st_dev,
          .inode = status.st_ino,
          .size = static_cast<std::uint64_t>(status.st_size),
          .modified_ns = nanoseconds(status.st_mtim),
          .changed_ns = nanoseconds(status.st_ctim)};
}

std::string_view special_kind(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFREG: return "";
    case S_IFLNK: return "symbolic link";
    case S_IFDIR: return "folder";
    case S_IFIFO: return "FIFO";
    case S_IFSOCK: return "socket";
    case S_IFBLK:
    case S_IFCHR: return "device";
    default: return "special file";
  }
}

bool lies_below(const std::filesystem::path& path, const std::filesystem::path& folder) {
  namespace fs = std::filesystem;
  const std::string inner = fs::weakly_canonical(fs::absolute(path)).string() + "/";
  const std::string outer = fs::weakly_canonical(fs::absolute(folder)).string();
  return inner.starts_with(outer.ends_with('/') ? outer : outer + "/");
}

bool StudyFile::is_missing() const { return error == ENOENT || error == ENOTDIR; }

StudyFolder::StudyFolder(const std::filesystem::path& path)
    : path_(path), folder_(open_at(AT_FDCWD, path.c_str(), O_RDONLY | O_DIRECTORY)) {
  if (folder_.is_open()) return;
  const int error = errno;
  throw Error(ErrorKind::input, path.string() + ": " + std::generic_category().message(error));
}

files::Descriptor StudyFolder::open_folder(std::string_view path, int flags) const {
  constexpr int kFolder = O_DIRECTORY | O_NOFOLLOW;
  if (path.empty()) return files::Descriptor(open_at(folder_.number(), ".", flags | kFolder));
  files::Descriptor at;
  std::string name;
  while (!path.empty()) {
    name = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), name.size() + 1));
    const int above = at.is_open() ? at.number() : folder_.number();
    files::Descriptor next(open_at(above, name.c_str(), (path.empty() ? flags : O_PATH) | kFolder));
    if (!next.is_open()) {
      const int error = errno;
      at = files::Descriptor();
      errno = error;
      return {};
    }
    at = std::move(next);
  }
  return at;
}

StudyFile StudyOpener::open(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  const std::string_view folder = slash == std::string_view::npos ? "" : path.substr(0, slash);
  name_ = path.substr(slash + 1);  // from 0 when there is no slash
  if (!descriptor_.is_open() || folder != folder_) {
    folder_ = folder;
    descriptor_ = study_.open_folder(folder, O_PATH);
    if (!descriptor_.is_open()) return {{}, {}, errno, {}};
  }
  StudyFile out;
  struct stat status {};
  out.descriptor = files::Descriptor(open_file_at(descriptor_.number(), name_.c_str()));
  if (!out.descriptor.is_open()) {
    out.error = errno;
    if (fstatat(descriptor_.number(), name_.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0)
      out.kind = special_kind(status.st_mode);
    return out;
  }
  if (fstat(out.descriptor.number(), &status) != 0) out.error = errno;
  out.identity = identity_of(status);
  out.kind = special_kind(status.st_mode);
  return out;
}

}  // namespace salus::trial
