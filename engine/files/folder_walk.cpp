#include "engine/files/folder_walk.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

namespace salus::files {
namespace {

namespace fs = std::filesystem;

struct Found {
  std::string path;
  fs::file_type type;
  int error;

  [[nodiscard]] bool is_folder() const { return type == fs::file_type::directory; }
};

/// Sorts as the paths of the files will: a folder's name is followed by a slash.
bool in_path_order(const Found& a, const Found& b) {
  const std::string_view slash_a = a.is_folder() ? "/" : "";
  const std::string_view slash_b = b.is_folder() ? "/" : "";
  const std::size_t common = std::min(a.path.size(), b.path.size());
  if (const int order = a.path.compare(0, common, b.path, 0, common); order != 0) return order < 0;
  const std::string rest_a = a.path.substr(common).append(slash_a);
  const std::string rest_b = b.path.substr(common).append(slash_b);
  return rest_a < rest_b;
}

std::string_view kind_of(fs::file_type type) {
  switch (type) {
    case fs::file_type::symlink: return "symbolic link";
    case fs::file_type::fifo: return "FIFO";
    case fs::file_type::socket: return "socket";
    case fs::file_type::block:
    case fs::file_type::character: return "device";
    default: return "special file";
  }
}

/// What stands in one folder, the last in path order first.
std::vector<Found> list_backwards(const std::string& folder, const FolderVisitor& visitor) {
  const std::string prefix = folder.ends_with('/') ? folder : folder + '/';
  std::vector<Found> found;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    std::error_code unknown;
    const fs::file_type type = at->symlink_status(unknown).type();
    found.push_back({prefix + at->path().filename().string(), type, unknown.value()});
  }
  if (error) visitor.failure(folder, error.value());
  std::sort(found.rbegin(), found.rend(), in_path_order);
  return found;
}

}  // namespace

void walk_folder(const std::string& folder, const FolderVisitor& visitor) {
  // A stack of our own: folders may be nested deeper than a thread's stack is.
  std::vector<Found> waiting = list_backwards(folder, visitor);
  while (!waiting.empty()) {
    const Found next = std::move(waiting.back());
    waiting.pop_back();
    if (next.error != 0) {
      visitor.failure(next.path, next.error);
    } else if (next.is_folder()) {
      std::vector<Found> inside = list_backwards(next.path, visitor);
      std::move(inside.begin(), inside.end(), std::back_inserter(waiting));
    } else if (next.type == fs::file_type::regular) {
      visitor.file(next.path);
    } else {
      visitor.skipped(next.path, kind_of(next.type));
    }
  }
}

}  // namespace salus::files
