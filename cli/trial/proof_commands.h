// Commands below `salus trial` that prove what was sealed, and attach what proves more.
#pragma once

#include "cli/command.h"

namespace salus::cli {

void add_trial_prove_command(CLI::App& trial, Global& global, Action& action);
void add_trial_check_command(CLI::App& trial, Global& global, Action& action);
void add_trial_anchor_command(CLI::App& trial, Global& global, Action& action);
void add_trial_stamp_command(CLI::App& trial, Global& global, Action& action);
void add_trial_update_command(CLI::App& trial, Global& global, Action& action);

}  // namespace salus::cli
