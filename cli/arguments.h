// What files of commands use of CLI11.
//
// Its headers hold all of its code: what is declared here is compiled in arguments.cpp once,
// instead of in each of fifty files. Beside this header only that file and main.cpp may include
// CLI11.
#pragma once

#include <CLI/App.hpp>
#include <cstddef>
#include <string>
#include <vector>

namespace salus::cli {

/// As `CLI::App::add_subcommand`.
CLI::App* add_subcommand(CLI::App& above, const std::string& name, const std::string& description);

/// Accepts these words only.
CLI::Validator one_of(const std::vector<std::string>& words);

}  // namespace salus::cli

namespace CLI {

extern template Option* App::add_option<std::string>(std::string, std::string&, std::string);
extern template Option* App::add_option<double>(std::string, double&, std::string);
extern template Option* App::add_option<unsigned>(std::string, unsigned&, std::string);
extern template Option* App::add_option<std::size_t>(std::string, std::size_t&, std::string);
extern template Option* App::add_option<std::vector<std::string>>(std::string,
                                                                  std::vector<std::string>&,
                                                                  std::string);
extern template Option* App::add_flag<bool>(std::string, bool&, std::string);

}  // namespace CLI
