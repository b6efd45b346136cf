// What is below `salus trial`: a file each.
#pragma once

#include "cli/command.h"

namespace salus::cli {

void add_trial_seal_command(CLI::App& trial, Global& global, Action& action);
void add_trial_verify_command(CLI::App& trial, Global& global, Action& action);
void add_trial_prove_command(CLI::App& trial, Global& global, Action& action);
void add_trial_check_command(CLI::App& trial, Global& global, Action& action);
void add_trial_anchor_command(CLI::App& trial, Global& global, Action& action);
void add_trial_stamp_command(CLI::App& trial, Global& global, Action& action);
void add_trial_update_command(CLI::App& trial, Global& global, Action& action);
void add_trial_report_command(CLI::App& trial, Global& global, Action& action);
void add_trial_export_command(CLI::App& trial, Global& global, Action& action);

}  // namespace salus::cli
