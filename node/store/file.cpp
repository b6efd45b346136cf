#include "node/store/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

namespace salus::node {

namespace {

std::string message(const char* action, const std::filesystem::path& path, int error) {
  return std::string("cannot ") + action + " " + path.string() + ": " +
         std::generic_category().message(error);
}

[[noreturn]] void throw_error(const char* action, const std::filesystem::path& path, int error) {
  if (error == ENOSPC || error == EDQUOT || error == EFBIG) throw DiskFull(action, path, error);
  throw FileError(action, path, error);
}

int open_retrying(const std::filesystem::path& path, int flags) {
  for (;;) {
    const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
    if (descriptor >= 0) return descriptor;
    if (errno != EINTR) throw_error("open", path, errno);
  }
}

}  // namespace

FileError::FileError(const char* action, const std::filesystem::path& path, int error)
    : Error(ErrorKind::system, message(action, path, error)) {}

File::File(std::filesystem::path path, int flags)
    : path_(std::move(path)), descriptor_(open_retrying(path_, flags)) {}

std::uint64_t File::size() const {
  struct stat status {};
  if (::fstat(descriptor_.number(), &status) != 0) throw FileError("examine", path_, errno);
  return static_cast<std::uint64_t>(status.st_size);
}

std::size_t File::read_at(std::uint64_t offset, std::span<std::uint8_t> out) const {
  std::size_t done = 0;
  while (done < out.size()) {
    const ssize_t count = ::pread(descriptor_.number(), out.data() + done, out.size() - done,
                                  static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw FileError("read", path_, errno);
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  return done;
}

void File::write_at(std::uint64_t offset, Bytes bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count = ::pwrite(descriptor_.number(), bytes.data() + done, bytes.size() - done,
                                   static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw_error("write", path_, errno);
    done += static_cast<std::size_t>(count);
  }
}

void File::truncate(std::uint64_t size) {
  while (::ftruncate(descriptor_.number(), static_cast<off_t>(size)) != 0) {
    if (errno != EINTR) throw FileError("shorten", path_, errno);
  }
}

void File::allocate(std::uint64_t size) {
  for (;;) {
    const int error = ::posix_fallocate(descriptor_.number(), 0, static_cast<off_t>(size));
    if (error == 0) return;
    if (error != EINTR) throw_error("make room for", path_, error);
  }
}

// Neither is tried again after a failure: the kernel may have dropped the pages and would then
// report success without having written them (Rebello et al., "Can Applications Recover from fsync
// Failures?", USENIX ATC 2020).
void File::sync_data() {
  if (::fdatasync(descriptor_.number()) != 0) throw FileError("sync", path_, errno);
}

void File::sync() {
  if (::fsync(descriptor_.number()) != 0) throw FileError("sync", path_, errno);
}

void File::rename(const std::filesystem::path& to) {
  if (std::rename(path_.c_str(), to.c_str()) != 0) throw_error("make", to, errno);
  path_ = to;
}

void sync_folder(const std::filesystem::path& folder) {
  File(folder, O_RDONLY | O_DIRECTORY).sync();
}

void make_folder(const std::filesystem::path& folder) {
  if (std::filesystem::is_directory(folder)) return;
  const auto parent = std::filesystem::absolute(folder).lexically_normal().parent_path();
  if (!parent.empty() && parent != folder) make_folder(parent);
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    throw_error("make", folder, errno);
  }
  sync_folder(parent);
}

}  // namespace salus::node
