// The parser's commands and options as plain data: one source for help, man page and completion.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}  // namespace CLI

namespace salus::cli {

struct OptionHelp {
  std::vector<std::string> names;  ///< "-d", "--device"; for a positional its name: "FILES".
  bool positional = false;
  bool required = false;
  bool everywhere = false;           ///< One of the flags that every command takes.
  std::string value;                 ///< Placeholder for its value; empty for a flag.
  std::vector<std::string> choices;  ///< The values that it takes, where there is such a list.
  std::string default_value;
  std::string description;
};

struct CommandHelp {
  std::string path;  ///< "salus block verify".
  std::string name;
  std::string description;
  std::string footer;
  std::vector<OptionHelp> options;  ///< Positionals among them, in the order in which they stand.
  std::vector<CommandHelp> commands;
};

/// Name of the option group of flags that every command takes.
inline constexpr const char* kEverywhereGroup = "Everywhere";

/// `app` and all below it. Commands in an empty group are hidden and left out.
CommandHelp command_tree(const CLI::App& app);

/// "salus mine [OPTIONS] --header HEX".
std::string usage_line(const CommandHelp& command);

/// Calls `visit` for `command` and everything below it, parents first.
template <typename Visit>
void for_each_command(const CommandHelp& command, const Visit& visit) {
  visit(command);
  for (const CommandHelp& below : command.commands) for_each_command(below, visit);
}

}  // namespace salus::cli
