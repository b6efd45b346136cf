// What must hold for every input of a fuzz target.
#pragma once

#include <cstdlib>

namespace salus::fuzz {

/// Ends the process where it does not: that is what fuzzers and sanitizers notice.
inline void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace salus::fuzz
