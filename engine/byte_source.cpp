#include "engine/byte_source.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "engine/error.h"

namespace salus {
namespace {

std::string reason(int error) { return std::generic_category().message(error); }

}  // namespace

std::size_t MemorySource::read(std::span<std::uint8_t> out) {
  const std::size_t size = std::min(out.size(), rest_.size());
  std::copy_n(rest_.begin(), size, out.begin());
  rest_ = rest_.subspan(size);
  return size;
}

FileSource::FileSource(const std::string& path) {
  if (path == "-") {
    descriptor_ = STDIN_FILENO;
    return;
  }
  descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor_ < 0) throw Error(ErrorKind::input, "cannot open: " + reason(errno));
  owned_ = true;
  ::posix_fadvise(descriptor_, 0, 0, POSIX_FADV_SEQUENTIAL);
}

FileSource::~FileSource() {
  if (owned_) ::close(descriptor_);
}

std::size_t FileSource::read(std::span<std::uint8_t> out) {
  for (;;) {
    const ssize_t size = ::read(descriptor_, out.data(), out.size());
    if (size >= 0) return static_cast<std::size_t>(size);
    if (errno == EINTR) continue;
    throw Error(errno == EISDIR ? ErrorKind::input : ErrorKind::system,
                "cannot read: " + reason(errno));
  }
}

}  // namespace salus
