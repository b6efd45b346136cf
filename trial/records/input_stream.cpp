#include "trial/records/input_stream.h"

#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace salus::trial {

std::size_t InputStream::read(std::span<char> out) {
  std::size_t filled = 0;
  while (filled < out.size()) {
    const ssize_t got = pread(file_.number(), out.data() + filled, out.size() - filled,
                              static_cast<off_t>(position_ + filled));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0)
      throw Error(ErrorKind::system, name_ + ": " + std::generic_category().message(errno));
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  position_ += filled;
  return filled;
}

}  // namespace salus::trial
