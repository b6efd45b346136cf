// `salus completion`: what a shell needs to complete our command line, made from the parser's tree.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/command_tree.h"
#include "cli/output.h"

namespace salus::cli {
namespace {

/// Values worth offering for an option: its choices, or what --device mostly takes.
std::vector<std::string> candidates(const OptionHelp& option) {
  if (!option.choices.empty()) return option.choices;
  if (std::find(option.names.begin(), option.names.end(), "--device") != option.names.end())
    return {"auto", "all", "cpu", "opencl:0", "cuda:0"};
  return {};
}

std::string joined(const std::vector<std::string>& words, const char* separator) {
  std::string out;
  for (const std::string& word : words) {
    if (!out.empty()) out += separator;
    out += word;
  }
  return out;
}

/// For single quotes of POSIX shells.
std::string shell_quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

/// "salus block verify" -> "_salus_block_verify".
std::string function_name(const CommandHelp& command) {
  std::string name = "_" + command.path;
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
}

// ---- bash ----

std::string bash_words(const CommandHelp& command) {
  std::vector<std::string> words;
  for (const CommandHelp& below : command.commands) words.push_back(below.name);
  for (const OptionHelp& option : command.options) {
    const std::vector<std::string>& add = option.positional ? option.choices : option.names;
    words.insert(words.end(), add.begin(), add.end());
  }
  return joined(words, " ");
}

std::string bash_script(const CommandHelp& salus) {
  std::string paths;
  std::string values;
  std::string words;
  for_each_command(salus, [&](const CommandHelp& command) {
    for (const CommandHelp& below : command.commands)
      paths +=
          fmt::format("      {}) path={} ;;\n", shell_quoted(below.path), shell_quoted(below.path));
    words += fmt::format("    {}) words={} ;;\n", shell_quoted(command.path),
                         shell_quoted(bash_words(command)));
    for (const OptionHelp& option : command.options) {
      if (option.positional || option.value.empty()) continue;
      for (const std::string& name : option.names)
        values +=
            fmt::format("    {}) words={}; value=1 ;;\n", shell_quoted(command.path + " " + name),
                        shell_quoted(joined(candidates(option), " ")));
    }
  });
  return fmt::format(R"(# bash completion for salus: source this file, or put it into
# ~/.local/share/bash-completion/completions/salus
_salus() {{
  local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD-1]}}
  local path=salus words= value= i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$path ${{COMP_WORDS[i]}}" in
{}    esac
  done
  case "$path $prev" in
{}  esac
  if [[ -z $value ]]; then
    case "$path" in
{}    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}}
complete -o bashdefault -o default -F _salus salus
)",
                     paths, values, words);
}

// ---- zsh ----

/// Inside an _arguments specification brackets and colons need a backslash.
std::string zsh_text(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string zsh_action(const OptionHelp& option) {
  const std::vector<std::string> values = candidates(option);
  if (values.empty()) return "_files";
  std::vector<std::string> escaped;
  for (const std::string& value : values) escaped.push_back(zsh_text(value));
  return "(" + joined(escaped, " ") + ")";
}

std::string zsh_option(const OptionHelp& option) {
  if (option.positional)
    return "    " +
           shell_quoted(fmt::format("*:{}:{}", zsh_text(option.names[0]), zsh_action(option))) +
           " \\\n";
  std::string out;
  const std::string value =
      option.value.empty() ? "" : fmt::format(":{}:{}", zsh_text(option.value), zsh_action(option));
  for (const std::string& name : option.names)
    out += "    " +
           shell_quoted(fmt::format("({}){}[{}]{}", joined(option.names, " "), name,
                                    zsh_text(option.description), value)) +
           " \\\n";
  return out;
}

std::string zsh_subcommands(const CommandHelp& command) {
  std::string list;
  std::string cases;
  for (const CommandHelp& below : command.commands) {
    list += "      " + shell_quoted(zsh_text(below.name) + ":" + below.description) + "\n";
    cases += fmt::format("      {}) {} ;;\n", below.name, function_name(below));
  }
  return fmt::format(R"(  case $state in
  command)
    local -a commands=(
{}    )
    _describe command commands ;;
  arguments)
    case $line[1] in
{}    esac ;;
  esac
)",
                     list, cases);
}

std::string zsh_function(const CommandHelp& command) {
  std::string out =
      fmt::format("{}() {{\n  local line state\n  _arguments -C \\\n", function_name(command));
  for (const OptionHelp& option : command.options) out += zsh_option(option);
  if (command.commands.empty()) return out + "    && return\n}\n";
  out += "    '1: :->command' \\\n    '*::argument:->arguments'\n";
  return out + zsh_subcommands(command) + "}\n";
}

std::string zsh_script(const CommandHelp& salus) {
  std::string out =
      "#compdef salus\n# zsh completion: put this into a folder of $fpath as _salus\n";
  for_each_command(salus, [&](const CommandHelp& command) { out += zsh_function(command); });
  return out +
         "if [ \"$funcstack[1]\" = _salus ]; then _salus \"$@\"; else compdef _salus salus; fi\n";
}

// ---- fish ----

std::string fish_option(const OptionHelp& option, const std::string& condition) {
  std::string line = "complete -c salus -n " + shell_quoted(condition);
  for (const std::string& name : option.names)
    line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  if (!option.value.empty()) line += " -r";
  const std::vector<std::string> values = candidates(option);
  if (!values.empty()) line += " -f -a " + shell_quoted(joined(values, " "));
  return line + " -d " + shell_quoted(option.description) + "\n";
}

std::string fish_command(const CommandHelp& command) {
  // Below the top every word of the path must have been seen, and none of the next level's.
  std::string seen;
  for (std::size_t at = command.path.find(' '); at != std::string::npos;) {
    const std::size_t next = command.path.find(' ', at + 1);
    seen += fmt::format("{}__fish_seen_subcommand_from {}", seen.empty() ? "" : "; and ",
                        command.path.substr(at + 1, next - at - 1));
    at = next;
  }
  std::vector<std::string> below;
  for (const CommandHelp& each : command.commands) below.push_back(each.name);
  std::string condition = seen;
  if (!below.empty())
    condition += fmt::format("{}not __fish_seen_subcommand_from {}", seen.empty() ? "" : "; and ",
                             joined(below, " "));
  std::string out;
  for (const CommandHelp& each : command.commands)
    out += fmt::format("complete -c salus -f -n {} -a {} -d {}\n", shell_quoted(condition),
                       each.name, shell_quoted(each.description));
  for (const OptionHelp& option : command.options) {
    if (!option.positional)
      out += fish_option(option, condition);
    else if (!option.choices.empty())
      out += fmt::format("complete -c salus -f -n {} -a {}\n", shell_quoted(condition),
                         shell_quoted(joined(option.choices, " ")));
  }
  return out;
}

std::string fish_script(const CommandHelp& salus) {
  std::string out = "# fish completion: put this into ~/.config/fish/completions/salus.fish\n";
  for_each_command(salus, [&](const CommandHelp& command) { out += fish_command(command); });
  return out;
}

std::string script_for(const std::string& shell, const CommandHelp& salus) {
  if (shell == "bash") return bash_script(salus);
  if (shell == "zsh") return zsh_script(salus);
  return fish_script(salus);
}

}  // namespace

void add_completion_command(CLI::App& app, Global&, Action& action) {
  CLI::App* const command = add_subcommand(app, "completion", "Print a shell's completion script");
  const auto shell = std::make_shared<std::string>();
  command->add_option("SHELL", *shell, "The shell to make it for")
      ->required()
      ->check(one_of({"bash", "zsh", "fish"}));
  command->footer("Example: source <(salus completion bash)");
  command->callback([&app, &action, shell] {
    action = [&app, shell] {
      write_out(script_for(*shell, command_tree(app)));
      return kOk;
    };
  });
}

}  // namespace salus::cli
