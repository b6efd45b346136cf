#include "cli/key_passphrase.h"

#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "cli/output.h"
#include "engine/error.h"
#include "engine/files/descriptor.h"

namespace salus::cli {
namespace {

using node::Secret;

constexpr std::size_t kMaxBytes = node::kMaxPassphraseBytes;

[[noreturn]] void refuse(const std::string& problem) { throw Error(ErrorKind::usage, problem); }

/// The controlling terminal with echo switched off while the object lives.
class SilentTerminal {
 public:
  SilentTerminal() : terminal_(open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    if (!terminal_.is_open() || tcgetattr(terminal_.number(), &before_) != 0)
      refuse("there is no terminal to ask for a passphrase: give --passphrase-file");
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    // What was typed before the question is no answer to it.
    tcsetattr(terminal_.number(), TCSAFLUSH, &silent);
  }
  ~SilentTerminal() {
    show("\n");
    tcsetattr(terminal_.number(), TCSANOW, &before_);
  }
  SilentTerminal(const SilentTerminal&) = delete;
  SilentTerminal& operator=(const SilentTerminal&) = delete;

  void show(std::string_view text) const {
    // A terminal that takes no more text will not give an answer either.
    [[maybe_unused]] const ssize_t written = write(terminal_.number(), text.data(), text.size());
  }

  /// The next byte, or a negative number at the end.
  int next(const std::stop_token& stop) const {
    constexpr int kPatienceMs = 100;
    for (;;) {
      if (stop.stop_requested()) throw Cancelled();
      pollfd ready{.fd = terminal_.number(), .events = POLLIN, .revents = 0};
      if (poll(&ready, 1, kPatienceMs) <= 0) continue;
      unsigned char byte = 0;
      const ssize_t size = read(terminal_.number(), &byte, 1);
      if (size < 0 && errno == EINTR) continue;
      return size == 1 ? byte : -1;
    }
  }

 private:
  files::Descriptor terminal_;
  termios before_{};
};

}  // namespace

Secret passphrase_in_file(const std::string& path) {
  const Secret content = node::read_secret_file(path, kMaxBytes + 2);
  std::string_view line = content.text();
  line = line.substr(0, line.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.empty())
    throw Error(ErrorKind::input, printable(path) + ": its first line, the passphrase, is empty");
  return Secret(std::vector<char>(line.begin(), line.end()));
}

bool can_ask_passphrase() { return isatty(STDIN_FILENO) != 0; }

Secret ask_passphrase(const std::string& prompt, const std::stop_token& stop) {
  const SilentTerminal terminal;
  terminal.show(prompt);
  // Of its full size from the start, so that it never moves and leaves a copy behind.
  std::vector<char> line(kMaxBytes);
  std::size_t size = 0;
  for (int byte = terminal.next(stop); byte >= 0 && byte != '\n'; byte = terminal.next(stop)) {
    if (size == line.size()) refuse("a passphrase has 1024 bytes at most");
    line[size++] = static_cast<char>(byte);
  }
  line.resize(size);
  return Secret(std::move(line));
}

Secret ask_new_passphrase(const std::stop_token& stop) {
  Secret first = ask_passphrase("New passphrase (empty for none): ", stop);
  if (first.empty()) return first;
  const Secret second = ask_passphrase("The same again: ", stop);
  if (!std::ranges::equal(first.text(), second.text())) refuse("the two passphrases differ");
  return first;
}

node::AskPassphrase passphrase_source(const std::string& passphrase_file,
                                      const std::string& key_file, std::stop_token stop) {
  if (!passphrase_file.empty())
    return [passphrase_file] { return passphrase_in_file(passphrase_file); };
  return [key_file, stop = std::move(stop)] {
    return ask_passphrase("Passphrase of " + printable(key_file) + ": ", stop);
  };
}

}  // namespace salus::cli
