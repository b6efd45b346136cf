// Runs the built `salus` and catches all that it says. For tests of the command line.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace salus::test {

struct RunOptions {
  std::string stdin_text;                ///< What the program reads from standard input.
  std::vector<std::string> environment;  ///< "NAME=value", added to or replacing ours.
  std::filesystem::path directory;       ///< Working directory; empty keeps ours.
  std::string stdout_path;               ///< Send standard output to this file instead.
  bool close_stdout = false;             ///< Standard output is a pipe that nobody reads.
  bool without_stdout = false;           ///< There is no standard output at all.
  /// Send `signal` as soon as standard error holds `signal_after`; 0 sends none.
  int signal = 0;
  std::string signal_after;
};

struct RunResult {
  int exit_code = -1;  ///< As a shell gives it: 128 + N when ended by signal N.
  std::string out;
  std::string err;
};

/// The built program.
std::string salus_program();

/// Runs `salus` with `arguments` to its end.
RunResult run_salus(const std::vector<std::string>& arguments, const RunOptions& options = {});

/// Lines in `text`; a last line without its end counts.
std::size_t line_count(std::string_view text);

/// A whole file. Throws when it cannot be read.
std::string read_text(const std::filesystem::path& file);

}  // namespace salus::test
