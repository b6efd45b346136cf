// `salus bench`: how fast this machine is, checked and compared.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/arguments.h"
#include "cli/bench/compare.h"
#include "cli/bench/json.h"
#include "cli/bench/report.h"
#include "cli/bench/subject_choice.h"
#include "cli/bench/suite.h"
#include "cli/bench_commands.h"
#include "cli/command.h"
#include "cli/engine_options.h"
#include "cli/output.h"
#include "cli/status_line.h"
#include "engine/error.h"

namespace salus::cli {
namespace {

struct Options {
  std::string work = "all";
  double duration = 1;
  std::string json;
  std::string compare;
  double tolerance = 5;
  std::string implementations;
  bool verify = false;
  bench::VerifyWork signatures;
};

std::vector<std::unique_ptr<bench::Subject>> subjects_of(const Options& options,
                                                         const Global& global) {
  if (options.implementations == "all") {
    if (global.devices == "auto")
      throw Error(ErrorKind::usage,
                  "--impl all measures devices one by one: --device auto has none");
    return bench::all_implementations(global.devices, cpu_options(global), options.work);
  }
  return bench::chosen_subjects(global.devices, cpu_options(global));
}

int compare_with(const nlohmann::json& earlier, const bench::SuiteResult& result,
                 const Options& options) {
  const bench::Comparison comparison = bench::compare(result, earlier, options.tolerance);
  if (comparison.compared == 0)
    throw Error(ErrorKind::input,
                fmt::format("{}: has no row in common with this run", printable(options.compare)));
  print("\nChange since {}:\n{}", printable(options.compare), comparison.text);
  if (comparison.slower == 0) return kOk;
  print("{} of {} rows got slower by more than {} %\n", comparison.slower, comparison.compared,
        options.tolerance);
  return kRefused;
}

int run_bench(const Options& options, const Global& global) {
  // Read before the work, so that a wrong name does not cost a run.
  std::optional<nlohmann::json> earlier;
  if (!options.compare.empty()) earlier = bench::read_result(options.compare);
  if (!options.json.empty()) require_writable(options.json);
  if (!global.quiet) show_status("opening devices");
  auto subjects = subjects_of(options, global);
  bench::SuiteOptions suite;
  suite.work = options.work;
  suite.verify = options.signatures;
  suite.seconds = options.duration;
  suite.stop = global.stop;
  if (!global.quiet) suite.status = show_status;
  const bench::SuiteResult result = bench::run_suite(suite, subjects);
  clear_status();
  write_out(bench::report_text(result, options.verify));
  if (!options.json.empty()) write_file(options.json, json_text(bench::result_json(result, suite)));
  return earlier ? compare_with(*earlier, result, options) : kOk;
}

void add_signature_options(CLI::App& command, bench::VerifyWork& work) {
  constexpr const char* group = "Signatures";
  constexpr std::size_t kMostItems = std::size_t{1} << 20;
  command.add_option("--alg", work.mix.algorithm, "Algorithm (default: both, one after the other)")
      ->check(one_of({"ed25519", "p256", "mixed"}))
      ->group(group);
  command.add_option("--batch", work.batch, "Signatures in a call (default: 1, 4, ... 65536)")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, kMostItems))
      ->group(group);
  command
      .add_option("--keys", work.mix.keys,
                  "So many keys sign in turn and are known before (default: each signature has a "
                  "key of its own, never seen before)")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, kMostItems))
      ->group(group);
  command.add_option("--message", work.mix.message_bytes, "Length of each message")
      ->type_name("BYTES")
      ->check(CLI::Range(std::size_t{0}, engine::signature::kMaxMessageBytes))
      ->capture_default_str()
      ->group(group);
  command.add_option("--bad", work.mix.bad, "Share of signatures that are bad, 0 to 1")
      ->type_name("FRACTION")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str()
      ->group(group);
}

constexpr const char* kFooter =
    "Every row's results were compared with OpenSSL's before it is printed. `+-` is half the "
    "distance\n"
    "from the 10th to the 90th percentile of the samples. --device: `all` measures each device by\n"
    "itself, `auto` the engine with the devices that it chooses. Exit code 1 when --compare found\n"
    "something slower than --tolerance. `verify` sweeps over batch sizes, to show what a call "
    "with\n"
    "so many signatures takes against how many are done in a second; `all` takes batches of "
    "16384.\n"
    "Examples:\n"
    "  salus bench mine --impl all\n"
    "  salus bench verify --alg ed25519 --keys 1000 --batch 1024\n"
    "  salus bench --json before.json; salus bench --compare before.json --tolerance 3";

}  // namespace

void add_bench_command(CLI::App& app, Global& global, Action& action) {
  CLI::App* const command =
      add_subcommand(app, "bench", "Measure mining, hashing, trees and signatures against OpenSSL");
  const auto options = std::make_shared<Options>();
  command->add_option("WORK", options->work, "What to measure")
      ->check(one_of({"mine", "hash", "merkle", "verify", "all"}))
      ->capture_default_str();
  command->add_option("--duration", options->duration, "Seconds of samples for each row")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.01, 3600.0))
      ->capture_default_str();
  command->add_option("--json", options->json, "Write all samples to this file")->type_name("FILE");
  command
      ->add_option("--compare", options->compare, "Show the change against an earlier --json file")
      ->type_name("FILE");
  command->add_option("--tolerance", options->tolerance, "Percent that a row may get slower")
      ->type_name("PERCENT")
      ->check(CLI::Range(0.0, 100.0))
      ->capture_default_str();
  command
      ->add_option(
          "--impl", options->implementations,
          "`all`: every implementation on each device, CPU variants on one core and on all")
      ->check(one_of({"all"}));
  command->add_flag("--verify", options->verify,
                    "Show a checksum over the results, the same for the same work everywhere");
  add_signature_options(*command, options->signatures);
  add_device_options(*command, global);
  command->get_option("--device")->default_str("all");
  add_verify_variant_option(*command, global);
  command->footer(kFooter);
  add_bench_ingest_command(*command, global, action);
  add_bench_trial_command(*command, global, action);
  add_bench_validate_command(*command, global, action);
  command->callback([&global, &action, command, options] {
    if (!command->get_subcommands().empty()) return;  // which has said what to do
    if (command->count("--device") == 0) global.devices = "all";
    action = [&global, options] { return run_bench(*options, global); };
  });
}

}  // namespace salus::cli
