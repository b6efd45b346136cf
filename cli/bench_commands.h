// What is below `salus bench`: a file each.
#pragma once

#include "cli/command.h"

namespace salus::cli {

void add_bench_ingest_command(CLI::App& bench, Global& global, Action& action);
void add_bench_trial_command(CLI::App& bench, Global& global, Action& action);

}  // namespace salus::cli
