// Opening what lies in a folder that is open.
#pragma once

#include <fcntl.h>

#include <cerrno>

namespace salus::trial {

/// A descriptor that no child inherits, or -1 with errno. A terminal does not become ours.
inline int open_at(int folder, const char* name, int flags) {
  int number = -1;
  do {
    number = openat(folder, name, flags | O_CLOEXEC | O_NOCTTY);
  } while (number < 0 && errno == EINTR);
  return number;
}

}  // namespace salus::trial
