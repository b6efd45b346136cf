#include "trial/seal/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "engine/error.h"
#include "node/store/file.h"

namespace salus::trial {
namespace {

constexpr std::size_t kMuch = std::size_t{1} << 18;

using node::FileError;

int open_retrying(const std::filesystem::path& path, int flags) {
  constexpr mode_t kLessUmask = 0666;
  int number = -1;
  do {
    number = ::open(path.c_str(), flags | O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kLessUmask);
  } while (number < 0 && errno == EINTR);
  if (number < 0) throw FileError("write", path, errno);
  return number;
}

}  // namespace

OutputFile::OutputFile(std::filesystem::path path, Mode mode, std::uint64_t size)
    : path_(std::move(path)),
      descriptor_(open_retrying(path_, mode == Mode::create ? O_TRUNC : O_APPEND)),
      size_(mode == Mode::create ? 0 : size) {
  if (mode == Mode::create) return;
  struct stat status {};
  if (fstat(descriptor(), &status) != 0) throw FileError("examine", path_, errno);
  if (static_cast<std::uint64_t>(status.st_size) < size)
    throw Error(ErrorKind::input, path_.string() + ": is shorter than it was");
  if (ftruncate(descriptor(), static_cast<off_t>(size)) != 0)
    throw FileError("shorten", path_, errno);
}

void OutputFile::append(Bytes bytes) {
  waiting_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  size_ += bytes.size();
  if (waiting_.size() >= kMuch) flush();
}

void OutputFile::flush() {
  for (std::size_t done = 0; done < waiting_.size();) {
    const ssize_t count = write(descriptor(), waiting_.data() + done, waiting_.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw FileError("write", path_, errno);
    done += static_cast<std::size_t>(count);
  }
  waiting_.clear();
}

void OutputFile::sync() {
  flush();
  if (fsync(descriptor()) != 0) throw FileError("sync", path_, errno);
}

void replace_file(const std::filesystem::path& path, std::string_view content) {
  const std::filesystem::path folder = std::filesystem::absolute(path).parent_path();
  const std::filesystem::path fresh =
      folder / std::string(".").append(path.filename().string()).append(".new");
  try {
    OutputFile file(fresh);
    file.append(content);
    file.sync();
    if (std::rename(fresh.c_str(), path.c_str()) != 0) throw FileError("make", path, errno);
  } catch (...) {
    ::unlink(fresh.c_str());
    throw;
  }
  node::sync_folder(folder);
}

}  // namespace salus::trial
