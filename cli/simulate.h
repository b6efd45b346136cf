// `salus simulate`.
#pragma once

#include "cli/command.h"

namespace salus::cli {

void add_simulate_command(CLI::App& app, Global& global, Action& action);

}  // namespace salus::cli
