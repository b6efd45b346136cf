#include "cli/command_tree.h"

#include <algorithm>

#include "cli/arguments.h"

namespace salus::cli {
namespace {

/// The values in CLI11's type name for a choice: "TEXT:{bash,zsh,fish}".
std::vector<std::string> choices_in(const std::string& type_name) {
  std::vector<std::string> result;
  const std::size_t open = type_name.find('{');
  const std::size_t close = type_name.find('}', open);
  if (open == std::string::npos || close == std::string::npos) return result;
  const std::string list = type_name.substr(open + 1, close - open - 1);
  for (std::size_t at = 0; at <= list.size();) {
    const std::size_t comma = std::min(list.find(',', at), list.size());
    result.push_back(list.substr(at, comma - at));
    at = comma + 1;
  }
  return result;
}

OptionHelp describe(const CLI::Option& option) {
  OptionHelp help;
  help.positional = option.get_positional() && !option.nonpositional();
  if (help.positional) {
    help.names.push_back(option.get_name(true));
  } else {
    for (const std::string& name : option.get_snames()) help.names.push_back("-" + name);
    for (const std::string& name : option.get_lnames()) help.names.push_back("--" + name);
  }
  help.required = option.get_required();
  help.everywhere = option.get_group() == kEverywhereGroup;
  if (option.get_items_expected_max() > 0) {
    const std::string type = option.get_type_name();
    help.choices = choices_in(type);
    help.value = help.choices.empty() ? type.substr(0, type.find(':')) : "";
    for (const std::string& choice : help.choices)
      help.value += (help.value.empty() ? "" : "|") + choice;
    help.default_value = option.get_default_str();
  }
  help.description = option.get_description();
  return help;
}

CommandHelp describe(const CLI::App& app, const std::string& parent_path) {
  CommandHelp help;
  help.name = app.get_name();
  help.path = parent_path.empty() ? help.name : parent_path + " " + help.name;
  help.description = app.get_description();
  help.footer = app.get_footer();
  for (const CLI::Option* option : app.get_options())
    if (!option->get_group().empty()) help.options.push_back(describe(*option));
  for (const CLI::App* below : app.get_subcommands({}))
    if (!below->get_group().empty()) help.commands.push_back(describe(*below, help.path));
  return help;
}

}  // namespace

CommandHelp command_tree(const CLI::App& app) { return describe(app, ""); }

std::string usage_line(const CommandHelp& command) {
  std::string line = command.path + " [OPTIONS]";
  for (const OptionHelp& option : command.options)
    if (option.required && !option.positional)
      line += " " + option.names.back() + " " + option.value;
  for (const OptionHelp& option : command.options) {
    if (!option.positional) continue;
    const std::string name = option.choices.empty() ? option.names[0] : option.value;
    line += option.required ? " " + name : " [" + name + "]";
  }
  if (!command.commands.empty()) line += " COMMAND";
  return line;
}

}  // namespace salus::cli
