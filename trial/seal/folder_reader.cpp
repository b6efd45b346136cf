#include "trial/seal/folder_reader.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "engine/error.h"
#include "engine/files/opened_file.h"
#include "trial/content/open_at.h"
#include "trial/seal/large_pages.h"

namespace salus::trial {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 20;

}  // namespace

FolderReader::FolderReader(std::filesystem::path path)
    : path_(std::move(path)), folder_(open_at(AT_FDCWD, path_.c_str(), O_RDONLY | O_DIRECTORY)) {
  if (!folder_.is_open()) {
    const int error = errno;
    throw Error(ErrorKind::input, path_.string() + ": " + std::generic_category().message(error));
  }
}

files::Descriptor FolderReader::open(std::string_view name) const {
  // A name has one folder at most, which is opened by itself, so that it is no link either.
  const std::size_t slash = name.find('/');
  files::Descriptor inner;
  int folder = folder_.number();
  if (slash != std::string_view::npos) {
    inner = files::Descriptor(open_at(folder, std::string(name.substr(0, slash)).c_str(),
                                      O_PATH | O_DIRECTORY | O_NOFOLLOW));
    if (!inner.is_open()) {
      if (errno == ENOENT) return {};
      refuse(name, errno);
    }
    folder = inner.number();
    name.remove_prefix(slash + 1);
  }
  files::Descriptor file(
      open_at(folder, std::string(name).c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK));
  if (!file.is_open()) {
    if (errno == ENOENT) return {};
    if (errno == ELOOP) refuse(name, "is a symbolic link");
    refuse(name, errno);
  }
  struct stat status {};
  if (fstat(file.number(), &status) != 0) refuse(name, errno);
  if (!S_ISREG(status.st_mode)) refuse(name, "is no regular file");
  return file;
}

std::optional<std::string> FolderReader::read(std::string_view name, std::uint64_t limit) const {
  const files::Descriptor file = open(name);
  if (!file.is_open()) return std::nullopt;
  struct stat status {};
  if (fstat(file.number(), &status) != 0) refuse(name, errno);
  std::string out;
  // As the size may be wrong by now, it only says how much room to take at first.
  const auto room = std::min<std::uint64_t>(static_cast<std::uint64_t>(status.st_size), limit) + 1;
  out.reserve(room);
  prefer_large_pages(out.data(), out.capacity());
  out.resize(room);
  std::size_t filled = 0;
  for (;;) {
    if (filled == out.size()) out.resize(out.size() + kPiece);
    const std::span rest(reinterpret_cast<std::uint8_t*>(out.data()) + filled, out.size() - filled);
    const files::ReadResult result = files::read_some(file.number(), rest);
    if (result.error != 0) refuse(name, result.error);
    if (result.count == 0) break;
    filled += result.count;
    if (filled > limit) refuse(name, "is longer than " + std::to_string(limit) + " bytes");
  }
  out.resize(filled);
  return out;
}

void FolderReader::refuse(std::string_view name, std::string_view why) const {
  throw Error(ErrorKind::input, (path_ / name).string() + ": " + std::string(why));
}

void FolderReader::refuse(std::string_view name, int error) const {
  refuse(name, std::generic_category().message(error));
}

}  // namespace salus::trial
