// What a recorded benchmark says about where it ran.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "cli/bench/core_speed.h"

namespace salus::cli::bench {

/// Processor, memory, operating system and library versions. What GPUs are is in their rows.
nlohmann::json describe_machine(const CoreSpeed& core);

}  // namespace salus::cli::bench
