#include "tests/node/store/small_disk.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

#include <stdexcept>
#include <string>

namespace salus::test {

SmallDisk::SmallDisk(std::size_t bytes)
    : mounted_(::mount("tmpfs", folder_.path().c_str(), "tmpfs", 0,
                       ("size=" + std::to_string(bytes)).c_str()) == 0) {}

SmallDisk::~SmallDisk() {
  if (mounted_) ::umount2(folder_.path().c_str(), MNT_DETACH);
}

bool SmallDisk::make_read_only() {
  return ::mount("tmpfs", folder_.path().c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, nullptr) == 0;
}

void SmallDisk::fill_but(std::size_t bytes) {
  const auto free = std::filesystem::space(path()).available;
  if (free <= bytes) return;
  const int file = ::open((path() / "filler").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  const int error = ::posix_fallocate(file, 0, static_cast<off_t>(free - bytes));
  ::close(file);
  if (error != 0) throw std::runtime_error("cannot fill the small disk");
}

void SmallDisk::empty() { std::filesystem::remove(path() / "filler"); }

}  // namespace salus::test
