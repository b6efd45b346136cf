// Other people's tools, run by tests.
#pragma once

#include <string>
#include <vector>

namespace salus::trial::test {

struct ShellResult {
  int exit_code = -1;
  std::string output;  ///< Standard output and standard error, as they came.
};

/// Runs a program that is searched for in PATH, with these arguments and without a shell.
ShellResult run_program(const std::vector<std::string>& command);

/// Whether a program is there to be run.
bool has_program(const std::string& name);

}  // namespace salus::trial::test
