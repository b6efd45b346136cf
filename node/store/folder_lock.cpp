#include "node/store/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>

namespace salus::node {

namespace {

/// Who wrote itself into the lock file, as text; empty when that cannot be told.
std::string holder(const File& file) {
  std::array<std::uint8_t, 20> text{};
  std::string digits;
  for (std::size_t i = 0, count = file.read_at(0, text); i < count; ++i) {
    if (text[i] >= '0' && text[i] <= '9') digits += static_cast<char>(text[i]);
  }
  return digits;
}

}  // namespace

FolderLock::FolderLock(const std::filesystem::path& folder)
    : file_(folder / "lock", O_RDWR | O_CREAT) {
  if (::flock(file_.descriptor(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) throw FileError("lock", file_.path(), errno);
    const std::string process = holder(file_);
    throw Error(ErrorKind::system,
                folder.string() + " is in use by " +
                    (process.empty() ? "another process" : "process " + process));
  }
  const std::string process = std::to_string(::getpid()) + "\n";
  try {
    file_.truncate(0);
    file_.write_at(0, as_bytes(process));
  } catch (const DiskFull&) {  // Only who holds it stays unsaid.
  }
}

}  // namespace salus::node
