// The bytes of a fuzz target as a file, for readers that take one.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "engine/files/descriptor.h"

namespace salus::test {

inline files::Descriptor memory_file(const std::uint8_t* data, std::size_t size) {
  files::Descriptor file(memfd_create("fuzz", MFD_CLOEXEC));
  if (!file.is_open()) std::abort();
  std::size_t written = 0;
  while (written < size) {
    const ssize_t count = write(file.number(), data + written, size - written);
    if (count <= 0) std::abort();
    written += static_cast<std::size_t>(count);
  }
  return file;
}

}  // namespace salus::test
