#include "cli/status_line.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <mutex>

namespace salus::cli {
namespace {

constexpr unsigned kDefaultWidth = 80;
constexpr std::string_view kEraseLine = "\r\x1b[K";

std::mutex mutex;
std::string shown;

// Failing to write to standard error leaves nobody to tell.
void put(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }

/// Cuts to `columns` characters, not in the middle of a UTF-8 sequence.
std::string_view cut(std::string_view text, unsigned columns) {
  unsigned characters = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool continues = (static_cast<unsigned char>(text[i]) & 0xc0) == 0x80;
    if (!continues && characters++ == columns) return text.substr(0, i);
  }
  return text;
}

}  // namespace

bool stderr_is_terminal() {
  static const bool capable = [] {
    const char* const term = std::getenv("TERM");
    return isatty(STDERR_FILENO) != 0 && term != nullptr && std::string_view(term) != "dumb";
  }();
  return capable;
}

unsigned terminal_width() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kDefaultWidth;
  return size.ws_col;
}

void show_status(std::string_view text) {
  if (!stderr_is_terminal()) return;
  const std::scoped_lock lock(mutex);
  // The last column stays free: writing there makes some terminals wrap.
  shown = cut(text, terminal_width() - 1);
  put(kEraseLine);
  put(shown);
  std::fflush(stderr);
}

void clear_status() {
  const std::scoped_lock lock(mutex);
  if (shown.empty()) return;
  shown.clear();
  put(kEraseLine);
  std::fflush(stderr);
}

void write_error_line(std::string_view text) {
  const std::scoped_lock lock(mutex);
  // Lines for the user on the same terminal come in the order in which they were written.
  std::fflush(stdout);
  if (!shown.empty()) put(kEraseLine);
  // One write: lines of several processes do not mix.
  std::string line(text);
  line += '\n';
  line += shown;
  put(line);
  std::fflush(stderr);
}

}  // namespace salus::cli
