// Every sub-command of `salus`, and the options that several of them share.
#include <fmt/format.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/command_tree.h"
#include "cli/node_commands.h"
#include "cli/simulate.h"
#include "cli/version.h"

namespace salus::cli {
namespace {

/// Gives `command` and all below it --quiet and --verbose, unless they have a meaning of their own
/// for one of them.
void add_global_flags(CLI::App& command, Global& global) {
  if (command.get_option_no_throw("--quiet") == nullptr)
    command.add_flag("-q,--quiet", global.quiet, "Print results and errors only")
        ->group(kEverywhereGroup);
  if (command.get_option_no_throw("--verbose") == nullptr)
    command.add_flag("-v,--verbose", global.verbose, "Say what is decided and why")
        ->group(kEverywhereGroup);
  for (CLI::App* below : command.get_subcommands({})) add_global_flags(*below, global);
}

std::string version_text() {
  return fmt::format("salus {} ({}, {})", kVersion, kGitVersion, kCompiler);
}

}  // namespace

void add_device_options(CLI::App& command, Global& global) {
  command
      .add_option("-d,--device", global.devices,
                  "Devices to use: auto, all, or a comma list of cpu, opencl:N, cuda:N")
      ->capture_default_str();
  command.add_option("--cpu-variant", global.cpu_variant,
                     "Instruction set for the CPU: avx512, avx2, sse2, sha-ni or scalar "
                     "(default: measured)");
  command.add_option("-j,--threads", global.threads, "CPU threads (default: every core allowed)")
      ->check(CLI::Range(1, 4096));
}

void add_self_check_option(CLI::App& command, Global& global) {
  command.add_flag("--self-check", global.self_check,
                   "Compare samples of what devices compute with OpenSSL; leave out one that errs");
}

void add_verify_variant_option(CLI::App& command, Global& global) {
  command.add_option("--verify-variant", global.verify_variant,
                     "Instruction set for signatures on the CPU: ifma, avx2 or portable (default: "
                     "measured)");
}

void add_commands(CLI::App& app, Global& global, Action& action) {
  app.name("salus");
  app.description(
      "Proof-of-work and verification engine: hashes, Merkle trees, mining and signatures "
      "on CPU and GPU.");
  app.require_subcommand(0, 1);  // main() says in its own words that one is missing
  app.set_version_flag("--version", version_text(), "Print version and build, then exit");
  add_demo_command(app, global, action);
  add_devices_command(app, global, action);
  add_doctor_command(app, global, action);
  add_bench_command(app, global, action);
  add_mine_command(app, global, action);
  add_block_command(app, global, action);
  add_hash_command(app, global, action);
  add_merkle_command(app, global, action);
  add_verify_command(app, global, action);
  add_key_command(app, global, action);
  add_sign_command(app, global, action);
  add_statement_command(app, global, action);
  add_node_command(app, global, action);
  add_simulate_command(app, global, action);
  add_trial_command(app, global, action);
  add_receipt_command(app, global, action);
  add_completion_command(app, global, action);
  add_man_command(app, global, action);
  // After the commands, which would inherit it.
  app.footer(
      "`salus COMMAND --help` explains a command. Exit codes: 0 all good, 1 a verification "
      "said no,\n2 wrong usage or input, 3 device or system error.");
  for (CLI::App* command : app.get_subcommands({})) command->group("Commands");
  add_global_flags(app, global);
}

}  // namespace salus::cli
