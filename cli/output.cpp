#include "cli/output.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <nlohmann/json.hpp>

#include "engine/error.h"

namespace salus::cli {
namespace {

[[noreturn]] void fail(std::string_view what) {
  const int error = errno;
  throw Error(ErrorKind::system, fmt::format("cannot write {}: {}", what, std::strerror(error)));
}

constexpr std::string_view kStandardOutput = "standard output";

}  // namespace

void write_out(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) fail(kStandardOutput);
}

void flush_out() {
  if (std::fflush(stdout) != 0) fail(kStandardOutput);
}

void close_out() {
  flush_out();
  // A program started with its output closed has nothing to lose there.
  if (std::fclose(stdout) != 0 && errno != EBADF) fail(kStandardOutput);
}

void write_file(const std::string& path, std::string_view content) {
  std::FILE* const file = std::fopen(path.c_str(), "we");
  if (file == nullptr) fail(printable(path));
  const bool written = std::fwrite(content.data(), 1, content.size(), file) == content.size();
  int error = errno;
  if (std::fclose(file) == 0 && written) return;
  if (written) error = errno;
  // A part of it would be taken for the whole. What is no file, such as a device, stays.
  struct stat status {};
  if (lstat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode)) unlink(path.c_str());
  errno = error;
  fail(printable(path));
}

void require_writable(const std::string& path) {
  const bool was_there = access(path.c_str(), F_OK) == 0;
  std::FILE* const file = std::fopen(path.c_str(), "ae");
  if (file == nullptr) fail(printable(path));
  (void)std::fclose(file);
  if (!was_there) unlink(path.c_str());
}

std::string json_text(const nlohmann::json& value) {
  return value.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

std::string printable(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f)
      out += fmt::format("\\x{:02x}", byte);
    else
      out += c;
  }
  return out;
}

}  // namespace salus::cli
