// What went wrong, as one line for the operator and an exit code.
#pragma once

#include <exception>
#include <string>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace salus::cli {

struct Failure {
  int exit_code;
  std::string message;  ///< Without the leading "salus: ".
};

/// What the parser objected to, with the command to ask for help.
Failure describe_parse_error(const CLI::App& app, const CLI::ParseError& error);

/// For a command line that stops short of a command that does something.
Failure describe_missing_command(const CLI::App& app);

/// What a command threw; not for `Cancelled`.
Failure describe_exception(const std::exception& error);

}  // namespace salus::cli
