// Which of the records that are still there have changed places.
#pragma once

#include <cstdint>
#include <vector>

namespace salus::trial {

/// Neighbours that were sealed one after the other and still are.
struct Run {
  std::uint64_t sealed = 0;  ///< Number of the first in the seal,
  std::uint64_t found = 0;   ///< and in the file.
  std::uint64_t length = 0;
};

/// Those of `runs`, which are in the order of the file, that have to be taken out so that the rest
/// stands in its sealed order: as few records as can be. In the order of the file. Runs do not
/// overlap.
std::vector<Run> moved_runs(const std::vector<Run>& runs);

}  // namespace salus::trial
