// `salus node` and what is below it: a file each.
#pragma once

#include "cli/command.h"

namespace salus::cli {

void add_node_command(CLI::App& app, Global& global, Action& action);

// Below it.
void add_node_init_command(CLI::App& node, Action& action);
void add_node_run_command(CLI::App& node, Global& global, Action& action);
void add_node_check_command(CLI::App& node, Global& global, Action& action);
void add_node_backup_command(CLI::App& node, Global& global, Action& action);
void add_node_prune_command(CLI::App& node, Action& action);
void add_node_restore_command(CLI::App& node, Global& global, Action& action);
void add_node_erase_command(CLI::App& node, Global& global, Action& action);
void add_node_export_command(CLI::App& node, Global& global, Action& action);
void add_node_import_command(CLI::App& node, Global& global, Action& action);
void add_node_status_command(CLI::App& node, Global& global, Action& action);
void add_node_blocks_command(CLI::App& node, Global& global, Action& action);
void add_node_block_command(CLI::App& node, Global& global, Action& action);
void add_node_statement_command(CLI::App& node, Global& global, Action& action);
void add_node_statements_command(CLI::App& node, Global& global, Action& action);
void add_node_receipt_command(CLI::App& node, Global& global, Action& action);

}  // namespace salus::cli
