// How fast the hardware could be, where somebody has counted it.
#pragma once

#include <optional>
#include <string>

#include "cli/bench/core_speed.h"
#include "cli/bench/subject.h"

namespace salus::cli::bench {

struct Limit {
  double per_second;
  std::string basis;  ///< How it was counted.
};

/// The limit of `workload` on CPU threads of such cores; nothing where it is not known.
std::optional<Limit> limit_of(const std::string& workload, const std::string& kernel,
                              const SubjectInfo& subject, const CoreSpeed& core);

}  // namespace salus::cli::bench
