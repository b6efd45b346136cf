#include "cli/arguments.h"

#include <CLI/CLI.hpp>

namespace salus::cli {

CLI::App* add_subcommand(CLI::App& above, const std::string& name, const std::string& description) {
  return above.add_subcommand(name, description);
}

CLI::Validator one_of(const std::vector<std::string>& words) { return CLI::IsMember(words); }

}  // namespace salus::cli

namespace CLI {

template Option* App::add_option<std::string>(std::string, std::string&, std::string);
template Option* App::add_option<double>(std::string, double&, std::string);
template Option* App::add_option<unsigned>(std::string, unsigned&, std::string);
template Option* App::add_option<std::size_t>(std::string, std::size_t&, std::string);
template Option* App::add_option<std::vector<std::string>>(std::string, std::vector<std::string>&,
                                                           std::string);
template Option* App::add_flag<bool>(std::string, bool&, std::string);

}  // namespace CLI
