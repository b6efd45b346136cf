// The frame that every sub-command hangs in: one file each, registered in commands.cpp.
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace salus::cli {

/// Exit codes of the whole program (docs/cli.md).
enum ExitCode : int {
  kOk = 0,       ///< All good.
  kRefused = 1,  ///< A verification said no.
  kUsage = 2,    ///< Usage or input error.
  kDevice = 3,   ///< Device or system error.
};

/// Options that stand before or after any sub-command, and what all of them share.
struct Global {
  bool quiet = false;            ///< No progress, no summary: only what was asked for, and errors.
  bool verbose = false;          ///< Say on stderr what was decided and why.
  std::string devices = "auto";  ///< Value of --device.
  std::string cpu_variant;       ///< Value of --cpu-variant; empty chooses by measurement.
  std::string verify_variant;    ///< Value of --verify-variant; empty chooses by measurement.
  unsigned threads = 0;          ///< Value of --threads; 0 takes every core allowed.
  bool self_check = false;       ///< Compare samples of what devices compute with OpenSSL.
  std::stop_token stop;          ///< Asks to stop at the first Ctrl-C.
};

/// Set by the sub-command that was parsed; main calls it once and exits with its result.
using Action = std::function<int()>;

/// Adds any number of FILES as arguments. They are taken as they are, whatever characters they
/// hold.
CLI::Option* add_file_arguments(CLI::App& command, std::vector<std::string>& files,
                                const std::string& description);

/// Adds --device, --cpu-variant and --threads to a sub-command that computes.
void add_device_options(CLI::App& command, Global& global);

/// Adds --self-check to a sub-command whose work an `Engine` does.
void add_self_check_option(CLI::App& command, Global& global);

/// Adds --verify-variant to a sub-command that verifies signatures.
void add_verify_variant_option(CLI::App& command, Global& global);

/// Names `app`, gives it every command below and the options that all of them take.
void add_commands(CLI::App& app, Global& global, Action& action);

/// Below `bench`.
void add_bench_validate_command(CLI::App& bench, Global& global, Action& action);

// One a file. Each adds its sub-command to `app`, whose callback stores what to do in `action`.
void add_bench_command(CLI::App& app, Global& global, Action& action);
void add_block_command(CLI::App& app, Global& global, Action& action);
void add_completion_command(CLI::App& app, Global& global, Action& action);
void add_demo_command(CLI::App& app, Global& global, Action& action);
void add_devices_command(CLI::App& app, Global& global, Action& action);
void add_doctor_command(CLI::App& app, Global& global, Action& action);
void add_hash_command(CLI::App& app, Global& global, Action& action);
void add_key_command(CLI::App& app, Global& global, Action& action);
void add_man_command(CLI::App& app, Global& global, Action& action);
void add_merkle_command(CLI::App& app, Global& global, Action& action);
void add_mine_command(CLI::App& app, Global& global, Action& action);
void add_receipt_command(CLI::App& app, Global& global, Action& action);
void add_sign_command(CLI::App& app, Global& global, Action& action);
void add_statement_command(CLI::App& app, Global& global, Action& action);
void add_trial_command(CLI::App& app, Global& global, Action& action);
void add_verify_command(CLI::App& app, Global& global, Action& action);

}  // namespace salus::cli
