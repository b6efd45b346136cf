// `salus man`: the manual page, from the same text as --help.
#include <fmt/format.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/command_tree.h"
#include "cli/output.h"
#include "cli/version.h"

namespace salus::cli {
namespace {

/// Text as troff takes it literally (groff_char(7), groff(7) "Escapes").
std::string troff(std::string_view text) {
  std::string out;
  bool line_start = true;
  for (const char c : text) {
    if (line_start && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
    line_start = c == '\n';
  }
  return out;
}

std::string option_entry(const OptionHelp& option) {
  std::string names;
  for (const std::string& name : option.names)
    names += fmt::format("{}\\fB{}\\fR", names.empty() ? "" : ", ", troff(name));
  if (!option.positional && !option.value.empty())
    names += fmt::format(" \\fI{}\\fR", troff(option.value));
  std::string text = troff(option.description);
  if (!option.default_value.empty())
    text += fmt::format(" (default: {})", troff(option.default_value));
  return fmt::format(".TP\n{}\n{}\n", names, text);
}

/// Footers are examples and tables: their lines stay as they are.
std::string verbatim(const std::string& text) {
  return text.empty() ? "" : fmt::format(".PP\n.nf\n{}\n.fi\n", troff(text));
}

std::string command_section(const CommandHelp& command) {
  std::string out = fmt::format(".SS {}\n{}\n.PP\nUsage: \\fB{}\\fR\n", troff(command.path),
                                troff(command.description), troff(usage_line(command)));
  for (const OptionHelp& option : command.options)
    if (!option.everywhere) out += option_entry(option);
  return out + verbatim(command.footer);
}

std::string everywhere_section(const CommandHelp& salus) {
  std::string out = ".SH OPTIONS OF EVERY COMMAND\n";
  for (const OptionHelp& option : salus.options) out += option_entry(option);
  return out;
}

constexpr const char* kExitStatus = R"(.SH EXIT STATUS
.TP
0
All good.
.TP
1
A verification said no, or a benchmark got slower than it may.
.TP
2
Wrong usage or input.
.TP
3
A device or the system failed.
.PP
A run that Ctrl\-C or SIGTERM stopped ends by that signal: a shell shows 130 or 143.
)";

constexpr const char* kFiles = R"(.SH FILES
.TP
$XDG_CACHE_HOME/salus (default ~/.cache/salus)
Compiled OpenCL kernels. May be deleted at any time.
)";

std::string man_page(const CommandHelp& salus) {
  std::string out = fmt::format(
      ".TH SALUS 1 \"\" \"salus {}\" \"User Commands\"\n"
      ".SH NAME\nsalus \\- proof\\-of\\-work and verification engine\n"
      ".SH SYNOPSIS\n\\fBsalus\\fR \\fICOMMAND\\fR [\\fIOPTIONS\\fR]\n"
      ".SH DESCRIPTION\n{}\n"
      ".SH COMMANDS\n",
      troff(kVersion), troff(salus.description));
  for (const CommandHelp& command : salus.commands)
    for_each_command(command, [&](const CommandHelp& each) {
      if (each.commands.empty()) out += command_section(each);
    });
  return out + everywhere_section(salus) + kExitStatus + kFiles;
}

}  // namespace

void add_man_command(CLI::App& app, Global&, Action& action) {
  CLI::App* const command =
      add_subcommand(app, "man", "Print the manual page (try `salus man | man -l -`)");
  command->callback([&app, &action] {
    action = [&app] {
      write_out(man_page(command_tree(app)));
      return kOk;
    };
  });
}

}  // namespace salus::cli
