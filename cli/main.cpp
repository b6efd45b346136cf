// The `salus` program: parse, run the command, turn what it threw into a line and an exit code.
#include <CLI/CLI.hpp>

#include "cli/command.h"
#include "cli/failure.h"
#include "cli/log.h"
#include "cli/output.h"
#include "cli/signals.h"
#include "cli/standard_descriptors.h"
#include "cli/status_line.h"
#include "engine/error.h"
#include "engine/log.h"

namespace salus::cli {
namespace {

int fail(const Failure& failure) {
  clear_status();
  logging::error("{}", failure.message);
  return failure.exit_code;
}

/// Parses and runs. Help and version are results like any other: they can meet a full disk too.
int run(int argc, char** argv, Global& global) {
  CLI::App app;
  Action action;
  add_commands(app, global, action);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    write_out(app.help());
    return kOk;
  } catch (const CLI::CallForVersion& version) {
    print("{}\n", version.what());
    return kOk;
  } catch (const CLI::ParseError& error) {
    return fail(describe_parse_error(app, error));
  }
  if (!action) return fail(describe_missing_command(app));
  set_log_level(global.quiet, global.verbose);
  return action();
}

int checked_run(int argc, char** argv, Global& global) {
  try {
    const int exit_code = run(argc, argv, global);
    close_out();
    return exit_code;
  } catch (const Cancelled&) {
    clear_status();
    return kOk;  // main() ends by the signal that cancelled
  } catch (const std::exception& error) {
    return fail(describe_exception(error));
  }
}

}  // namespace
}  // namespace salus::cli

int main(int argc, char** argv) {
  using namespace salus::cli;
  occupy_standard_descriptors();
  start_log();
  int exit_code = kOk;
  int signal = 0;
  {
    const SignalWatch watch;
    Global global;
    global.stop = watch.token();
    exit_code = checked_run(argc, argv, global);
    signal = watch.caught();
  }
  if (signal != 0) die_by_signal(signal);
  return exit_code;
}
