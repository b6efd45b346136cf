#include "cli/simulate/acknowledged_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include "cli/output.h"
#include "engine/error.h"

namespace salus::cli::simulate {
namespace {

constexpr mode_t kMode = 0644;

[[noreturn]] void fail(const std::string& path) {
  throw Error(ErrorKind::system, "cannot write " + printable(path) + ": " + std::strerror(errno));
}

}  // namespace

AcknowledgedFile::AcknowledgedFile(std::string path)
    : path_(std::move(path)),
      file_(open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, kMode)) {
  if (!file_.is_open()) fail(path_);
}

void AcknowledgedFile::add(const Digest& id) {
  const std::string line = to_hex(id) + '\n';
  const std::lock_guard lock(mutex_);
  lines_ += line;
}

void AcknowledgedFile::flush() {
  const std::lock_guard lock(mutex_);
  std::string_view rest = lines_;
  while (!rest.empty()) {
    const ssize_t written = write(file_.number(), rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(path_);
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  lines_.clear();
}

}  // namespace salus::cli::simulate
