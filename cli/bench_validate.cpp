// `salus bench validate`: how fast blocks are validated.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/arguments.h"
#include "cli/bench/core_clock.h"
#include "cli/bench/validation.h"
#include "cli/command.h"
#include "cli/engine_options.h"
#include "cli/output.h"
#include "cli/status_line.h"
#include "cli/table.h"
#include "cli/units.h"
#include "engine/error.h"

namespace salus::cli {
namespace {

using bench::ValidationResult;
using bench::ValidationSample;
using bench::ValidationWork;

struct Options {
  std::size_t statements = 0;  ///< 0: several, one after the other.
  std::string algorithm;
  double p256_share = -1;  ///< Below 0: it was not said.
  std::size_t devices = 1000;
  double seconds = 1;
  bool json = false;
};

std::vector<double> shares_of(const Options& options) {
  if (options.p256_share >= 0) return {options.p256_share};
  if (options.algorithm == "ed25519") return {0};
  if (options.algorithm == "p256") return {1};
  if (options.algorithm == "mixed") return {0.5};
  return {0, 0.5};
}

std::vector<ValidationWork> works_of(const Options& options) {
  std::vector<std::size_t> sizes{100, 1000, 10'000};
  if (options.statements != 0) sizes = {options.statements};
  std::vector<ValidationWork> works;
  for (const double share : shares_of(options))
    for (const std::size_t size : sizes)
      works.push_back({size, share, options.devices, options.seconds});
  return works;
}

std::string mix_text(double p256_share) {
  if (p256_share == 0) return "ed25519";
  if (p256_share == 1) return "p256";
  return fmt::format("{:.0f} % p256", 100 * p256_share);
}

double wall(const ValidationSample& sample) { return sample.wall; }
double cpu(const ValidationSample& sample) { return sample.cpu; }
double verify_wall(const ValidationSample& sample) { return sample.verify_wall; }
double verify_cpu(const ValidationSample& sample) { return sample.verify_cpu; }

double best_wall(const ValidationResult& result) {
  return std::ranges::min(result.samples, {}, &ValidationSample::wall).wall;
}

std::string report_text(const std::vector<ValidationResult>& results, double clock) {
  using enum Table::Align;
  Table table({{"signatures", left},
               {"in a block", right},
               {"validated", right},
               {"best", right},
               {"a block", right},
               {"CPU", right},
               {"verifier alone", right},
               {"CPU", right},
               {"ratio", right}});
  for (const ValidationResult& result : results) {
    const double seconds = result.median_of(wall);
    table.add_row({mix_text(result.work.p256_share), fmt::format("{}", result.work.statements),
                   format_rate(1 / seconds, Unit::statements),
                   format_rate(1 / best_wall(result), Unit::statements),
                   format_duration(seconds * static_cast<double>(result.work.statements + 1)),
                   fmt::format("{:.2f} us", 1e6 * result.median_of(cpu)),
                   format_rate(1 / result.median_of(verify_wall), Unit::signatures),
                   fmt::format("{:.2f} us", 1e6 * result.median_of(verify_cpu)),
                   fmt::format("{:.2f}", result.median_of([](const ValidationSample& s) {
                     return s.cpu_ratio();
                   }))});
  }
  return fmt::format(
      "{}\n{} devices, statements of {:.0f} bytes, one core at {:.2f} GHz. CPU: time of all "
      "threads "
      "for one\nstatement; ratio: of CPU times, median of the rounds.\n",
      table.text(), results.front().work.devices, results.front().statement_bytes, clock / 1e9);
}

nlohmann::json result_json(const ValidationResult& result) {
  nlohmann::json samples = nlohmann::json::array();
  for (const ValidationSample& s : result.samples)
    samples.push_back({{"wall_s", s.wall},
                       {"cpu_s", s.cpu},
                       {"verify_wall_s", s.verify_wall},
                       {"verify_cpu_s", s.verify_cpu}});
  return {
      {"statements", result.work.statements},
      {"p256_share", result.work.p256_share},
      {"devices", result.work.devices},
      {"statement_bytes", result.statement_bytes},
      {"statements_per_s", 1 / result.median_of(wall)},
      {"statements_per_s_best", 1 / best_wall(result)},
      {"verify_per_s", 1 / result.median_of(verify_wall)},
      {"cpu_us", 1e6 * result.median_of(cpu)},
      {"verify_cpu_us", 1e6 * result.median_of(verify_cpu)},
      {"cpu_ratio", result.median_of([](const ValidationSample& s) { return s.cpu_ratio(); })},
      {"wall_ratio", result.median_of([](const ValidationSample& s) { return s.wall_ratio(); })},
      {"samples", samples}};
}

nlohmann::json report_json(const std::vector<ValidationResult>& results, double clock) {
  nlohmann::json rows = nlohmann::json::array();
  for (const ValidationResult& result : results) rows.push_back(result_json(result));
  return {{"schema", "salus.bench-validate/1"}, {"core_clock_hz", clock}, {"rows", rows}};
}

int run_validate(const Options& options, const Global& global) {
  if (!options.algorithm.empty() && options.p256_share >= 0)
    throw Error(ErrorKind::usage, "say either --alg or --p256");
  engine::Engine engine(engine_options(global));
  log_choice(engine, global);
  const double clock = bench::measure_core_clock();
  std::vector<ValidationResult> results;
  for (const ValidationWork& work : works_of(options)) {
    if (!global.quiet)
      show_status(
          fmt::format("{} statements a block, {}", work.statements, mix_text(work.p256_share)));
    results.push_back(measure_validation(engine, work, global.stop));
  }
  clear_status();
  write_out(options.json ? json_text(report_json(results, clock)) : report_text(results, clock));
  return kOk;
}

}  // namespace

void add_bench_validate_command(CLI::App& bench, Global& global, Action& action) {
  CLI::App* const command =
      add_subcommand(bench, "validate", "Measure the validation of blocks of a generated chain");
  const auto options = std::make_shared<Options>();
  constexpr std::size_t kMostStatements = 250'000;
  constexpr std::size_t kMostDevices = 1'000'000;
  command
      ->add_option("--statements", options->statements,
                   "Statements in a block (default: 100, 1000, 10000)")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, kMostStatements));
  command->add_option("--alg", options->algorithm, "Algorithm (default: ed25519, then mixed)")
      ->check(one_of({"ed25519", "p256", "mixed"}));
  command->add_option("--p256", options->p256_share, "Share of devices that sign by P-256, 0 to 1")
      ->type_name("FRACTION")
      ->check(CLI::Range(0.0, 1.0));
  command->add_option("--devices", options->devices, "So many devices sign in turn")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, kMostDevices))
      ->capture_default_str();
  command->add_option("--seconds", options->seconds, "Of samples for each row")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.01, 3600.0))
      ->capture_default_str();
  command->add_flag("--json", options->json, "Print JSON, with all samples");
  add_device_options(*command, global);
  add_verify_variant_option(*command, global);
  command->footer(
      "Signs blocks of telemetry, then validates them again and again (tree, ids, payloads, "
      "rules,\n"
      "signatures), in turn with the bare verifier on the same signatures. `salus node check` does "
      "the\nsame to a chain that is stored.");
  command->callback([&global, &action, options] {
    action = [&global, options] { return run_validate(*options, global); };
  });
}

}  // namespace salus::cli
