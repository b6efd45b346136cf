// Other people's programs, timed.
#pragma once

#include <string>
#include <vector>

namespace salus::cli::bench {

struct ProgramTimes {
  double seconds = 0;      ///< From the first start to the last end.
  double cpu_seconds = 0;  ///< Of all of them.
  bool succeeded = false;  ///< All ended with 0.
};

/// Whether a program of this name is found in PATH.
bool has_program(const std::string& name);

/// Runs the commands side by side in `folder`, without their output, and waits for all. Each is a
/// program with its arguments. Throws `Error` (system) when one cannot be started.
ProgramTimes time_programs(const std::vector<std::vector<std::string>>& commands,
                           const std::string& folder);

}  // namespace salus::cli::bench
