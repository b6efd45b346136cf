// `salus trial`: data of clinical trials, sealed and verified.
#include "cli/arguments.h"
#include "cli/trial/commands.h"

namespace salus::cli {

void add_trial_command(CLI::App& app, Global& global, Action& action) {
  CLI::App* const command =
      add_subcommand(app, "trial", "Seal a study's data, and show later that it is unchanged");
  command->require_subcommand(0, 1);  // main() says in its own words that one is missing
  add_trial_seal_command(*command, global, action);
  add_trial_verify_command(*command, global, action);
  add_trial_update_command(*command, global, action);
  add_trial_prove_command(*command, global, action);
  add_trial_check_command(*command, global, action);
  add_trial_anchor_command(*command, global, action);
  add_trial_stamp_command(*command, global, action);
  add_trial_report_command(*command, global, action);
  add_trial_export_command(*command, global, action);
  command->footer(
      "Example:\n"
      "  salus trial seal study --key sponsor.pem --cells\n"
      "  salus trial verify study study.seal --key sponsor.pub");
}

}  // namespace salus::cli
