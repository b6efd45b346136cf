#include "cli/trial/seal_problems.h"

#include <fmt/format.h>

#include <string>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/shell_quote.h"
#include "cli/status_line.h"

namespace salus::cli {

void tell_problem(const trial::SealProblem& problem) {
  write_error_line(
      fmt::format("salus trial: {}: {}", shell_quote(problem.path), printable(problem.reason)));
}

int exit_code_of_sealing(std::uint64_t problems) {
  if (problems == 0) return kOk;
  write_error_line(fmt::format(
      "salus trial: WARNING: {} not sealed in full",
      problems == 1 ? "1 file or folder was" : fmt::format("{} files or folders were", problems)));
  return kUsage;
}

}  // namespace salus::cli
