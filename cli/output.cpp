#include "cli/output.h"

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
  const int error = errno;
  if (std::fclose(file) != 0) fail(printable(path));
  if (!written) {
    errno = error;
    fail(printable(path));
  }
}

void require_writable(const std::string& path) {
  std::FILE* const file = std::fopen(path.c_str(), "ae");
  if (file == nullptr) fail(printable(path));
  (void)std::fclose(file);
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
