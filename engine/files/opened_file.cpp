#include "engine/files/opened_file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace salus::files {
namespace {

// A terminal that is read must not become ours.
constexpr int kReadFlags = O_RDONLY | O_CLOEXEC | O_NOCTTY;

OpenResult open_at(int folder, const char* path, int flags) {
  int number = -1;
  do {
    number = openat(folder, path, flags);
  } while (number < 0 && errno == EINTR);
  if (number < 0) return {Descriptor(), errno};
  return {Descriptor(number), 0};
}

OpenResult open_to_read(int folder, const char* path) {
  OpenResult result = open_at(folder, path, kReadFlags | O_NONBLOCK);
  // Somebody holds a lease on the file: without O_NONBLOCK the system waits for its end.
  if (result.error == EWOULDBLOCK) result = open_at(folder, path, kReadFlags);
  return result;
}

}  // namespace

OpenResult FileOpener::open(const std::string& path) {
  const std::size_t name = path.rfind('/') + 1;  // 0 when there is no slash
  const int folder = folder_descriptor(std::string_view(path).substr(0, name));
  if (folder >= 0 && name < path.size()) {
    OpenResult result = open_to_read(folder, path.c_str() + name);
    if (result.error == 0) return result;
  }
  return open_to_read(AT_FDCWD, path.c_str());
}

int FileOpener::folder_descriptor(std::string_view folder) {
  if (folder != folder_) {
    folder_ = folder;
    folder_descriptor_ = Descriptor();
    return -1;
  }
  if (!folder_descriptor_.is_open() && !folder_.empty())
    folder_descriptor_ =
        open_at(AT_FDCWD, folder_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC).descriptor;
  return folder_descriptor_.number();
}

ReadResult read_some(int descriptor, std::span<std::uint8_t> out) {
  ssize_t count = 0;
  do {
    count = read(descriptor, out.data(), out.size());
  } while (count < 0 && errno == EINTR);
  if (count < 0) return {0, errno};
  return {static_cast<std::size_t>(count), 0};
}

ReadResult read_full(int descriptor, std::span<std::uint8_t> out) {
  std::size_t filled = 0;
  while (filled < out.size()) {
    const ReadResult result = read_some(descriptor, out.subspan(filled));
    if (result.error != 0) return {filled, result.error};
    if (result.count == 0) break;
    filled += result.count;
  }
  return {filled, 0};
}

bool can_read(int descriptor) {
  pollfd request{descriptor, POLLIN, 0};
  return poll(&request, 1, 0) > 0;
}

bool is_fifo(int descriptor) {
  struct stat status {};
  return fstat(descriptor, &status) == 0 && S_ISFIFO(status.st_mode);
}

}  // namespace salus::files
