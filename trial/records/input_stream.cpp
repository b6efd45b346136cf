#include "trial/records/input_stream.h"

#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace salus::trial {

std::size_t InputStream::read(std::span<char> out) {
  std::size_t filled = 0;
  while (filled < out.size()) {
    const ssize_t got = ::read(file_.number(), out.data() + filled, out.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0)
      throw Error(ErrorKind::system, name_ + ": " + std::generic_category().message(errno));
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  position_ += filled;
  return filled;
}

bool InputStream::seek(std::uint64_t offset) {
  if (lseek(file_.number(), static_cast<off_t>(offset), SEEK_SET) < 0) return false;
  position_ = offset;
  return true;
}

}  // namespace salus::trial
