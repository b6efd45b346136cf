#include "cli/failure.h"

#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <system_error>
#include <vector>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/output.h"
#include "engine/error.h"

namespace salus::cli {
namespace {

/// The sub-command that was parsed last, `app` itself when there is none.
const CLI::App& innermost(const CLI::App& app) {
  const CLI::App* at = &app;
  while (!at->get_subcommands().empty()) at = at->get_subcommands().back();
  return *at;
}

/// "salus block verify".
std::string command_path(const CLI::App& command) {
  const CLI::App* const parent = command.get_parent();
  return (parent == nullptr ? "" : command_path(*parent) + " ") + command.get_name();
}

Failure usage(const CLI::App& command, const std::string& problem) {
  return {kUsage, fmt::format("{} (see `{} --help`)", problem, command_path(command))};
}

int exit_code_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage:
    case ErrorKind::input: return kUsage;
    case ErrorKind::device:
    case ErrorKind::system: return kDevice;
  }
  return kDevice;
}

/// CLI11's messages may have several lines; an operator gets one.
std::string one_line(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  std::replace(text.begin(), text.end(), '\n', ' ');
  return printable(text);
}

}  // namespace

Failure describe_parse_error(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& command = innermost(app);
  const std::vector<std::string> extras = command.remaining();
  const bool names_a_command =
      !extras.empty() && !extras[0].starts_with('-') && !command.get_subcommands({}).empty();
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr && names_a_command)
    return usage(command, "no such command: " + printable(extras[0]));
  return usage(command, one_line(error.what()));
}

Failure describe_missing_command(const CLI::App& app) {
  const CLI::App& command = innermost(app);
  std::string names;
  for (const CLI::App* below : command.get_subcommands({}))
    names += (names.empty() ? "" : ", ") + below->get_name();
  return usage(command, fmt::format("{} needs a command: {}", command_path(command), names));
}

Failure describe_exception(const std::exception& error) {
  if (const auto* known = dynamic_cast<const Error*>(&error))
    return {exit_code_of(known->kind()), printable(known->what())};
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) return {kDevice, "out of memory"};
  if (dynamic_cast<const std::system_error*>(&error) != nullptr) return {kDevice, error.what()};
  return {kDevice, fmt::format("internal error: {}", error.what())};
}

}  // namespace salus::cli
