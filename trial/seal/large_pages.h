// Memory in large pages.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>

namespace salus::trial {

/// Asks the system for large pages behind memory that is not written to yet: a seal of many files
/// takes thousands of page faults otherwise, at some microseconds each. This is advice: nothing
/// depends on it, and small pieces are left as they are.
inline void prefer_large_pages(void* memory, std::size_t size) {
  constexpr std::size_t kWorthIt = std::size_t{4} << 20;
  if (size < kWorthIt) return;
  const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  const auto address = reinterpret_cast<std::uintptr_t>(memory);
  const std::uintptr_t skipped = (page - address % page) % page;
  (void)madvise(static_cast<char*>(memory) + skipped, size - skipped, MADV_HUGEPAGE);
}

}  // namespace salus::trial
