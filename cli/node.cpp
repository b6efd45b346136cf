// `salus node`: a ledger node.
#include "cli/arguments.h"
#include "cli/node_commands.h"

namespace salus::cli {

void add_node_command(CLI::App& app, Global& global, Action& action) {
  CLI::App* const command =
      add_subcommand(app, "node", "Run a ledger node: take in statements, make and check blocks");
  command->require_subcommand(0, 1);  // main() says in its own words that one is missing
  add_node_init_command(*command, action);
  add_node_run_command(*command, global, action);
  add_node_check_command(*command, global, action);
  add_node_backup_command(*command, global, action);
  add_node_restore_command(*command, global, action);
  add_node_erase_command(*command, global, action);
  add_node_prune_command(*command, action);
  add_node_export_command(*command, global, action);
  add_node_import_command(*command, global, action);
  add_node_status_command(*command, global, action);
  add_node_blocks_command(*command, global, action);
  add_node_block_command(*command, global, action);
  add_node_statement_command(*command, global, action);
  add_node_statements_command(*command, global, action);
  add_node_receipt_command(*command, global, action);
  command->footer(
      "Example, a chain of your own on this machine:\n"
      "  salus node init my-node --dev\n"
      "  salus node run my-node --mine\n"
      "  salus node status");
}

}  // namespace salus::cli
