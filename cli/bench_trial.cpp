// `salus bench trial`: how fast trial data is sealed, verified and proved.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/bench/core_clock.h"
#include "cli/bench/statistics.h"
#include "cli/bench/trial_records.h"
#include "cli/bench_commands.h"
#include "cli/engine_options.h"
#include "cli/output.h"
#include "cli/status_line.h"
#include "cli/table.h"
#include "cli/units.h"

namespace salus::cli {
namespace {

using bench::TrialRecordsResult;
using bench::TrialRecordsRow;

struct Options {
  bench::TrialRecordsWork records;
  bool json = false;
};

std::string rate(double amount, double seconds, Unit unit) {
  return format_rate(amount / seconds, unit);
}

std::string records_text(const TrialRecordsResult& result, double clock) {
  using enum Table::Align;
  Table table({{"work", left},
               {"records", right},
               {"bytes", right},
               {"records/s", right},
               {"best", right},
               {"bytes/s", right},
               {"CPU a record", right}});
  for (const TrialRecordsRow& row : result.rows) {
    const auto records = static_cast<double>(row.records);
    table.add_row({row.work, fmt::format("{}", row.records),
                   format_amount(static_cast<double>(row.bytes), Unit::bytes),
                   rate(records, row.median_seconds(), Unit::records),
                   rate(records, std::ranges::min(row.seconds), Unit::records),
                   rate(static_cast<double>(row.bytes), row.median_seconds(), Unit::bytes),
                   fmt::format("{:.3f} us", 1e6 * row.median_cpu_seconds() / records)});
  }
  std::string out = table.text();
  out += fmt::format("\nverify / seal, by CPU time: {:.2f}\n", result.verify_ratio);
  if (!result.prove_seconds.empty())
    out += fmt::format("one record for a proof: {} (median), {} (longest)\n",
                       format_duration(bench::median(result.prove_seconds)),
                       format_duration(std::ranges::max(result.prove_seconds)));
  out += fmt::format("peak memory: {}; one core at {:.2f} GHz\n", format_memory(result.peak_memory),
                     clock / 1e9);
  return out;
}

nlohmann::json records_json(const TrialRecordsResult& result, double clock) {
  nlohmann::json rows = nlohmann::json::array();
  for (const TrialRecordsRow& row : result.rows)
    rows.push_back({{"work", row.work},
                    {"records", row.records},
                    {"bytes", row.bytes},
                    {"seconds", row.seconds},
                    {"cpu_seconds", row.cpu_seconds}});
  return {{"schema", "salus.bench-trial/1"},
          {"core_clock_hz", clock},
          {"rows", rows},
          {"verify_ratio", result.verify_ratio},
          {"prove_seconds", result.prove_seconds},
          {"peak_memory_bytes", result.peak_memory}};
}

int run_bench_trial(const Options& options, const Global& global) {
  bench::TrialRecordsWork work = options.records;
  work.cpu = cpu_options(global);
  work.stop = global.stop;
  if (!global.quiet) work.status = show_status;
  const double clock = bench::measure_core_clock();
  const TrialRecordsResult result = bench::measure_trial_records(work);
  clear_status();
  write_out(options.json ? json_text(records_json(result, clock)) : records_text(result, clock));
  return kOk;
}

}  // namespace

void add_bench_trial_command(CLI::App& bench, Global& global, Action& action) {
  CLI::App& command = *bench.add_subcommand(
      "trial", "Measure sealing, verifying and proving the records of trial data");
  const auto options = std::make_shared<Options>();
  command.add_option("--records", options->records.records, "Records of the made-up dataset")
      ->type_name("N")
      ->check(CLI::Range(std::uint64_t{1'000}, std::uint64_t{1} << 30))
      ->capture_default_str();
  command.add_option("--rounds", options->records.rounds, "So often everything is measured")
      ->type_name("N")
      ->check(CLI::Range(1U, 1000U))
      ->capture_default_str();
  command
      .add_option("--folder", options->records.folder,
                  "Where the data is put for the time being (default: /dev/shm, or the temporary "
                  "folder)")
      ->type_name("DIR");
  command.add_flag("--json", options->json, "Print JSON, with all rounds");
  command.footer(
      "Records have eight variables and some 180 bytes. They are sealed with salts and with cell\n"
      "digests; verified with one value changed, so that every record is compared; and a hundred\n"
      "of them are opened for a proof. Rates are the median of the rounds.\n"
      "Examples:\n"
      "  salus bench trial\n"
      "  salus bench trial --records 10000000 --rounds 1");
  command.callback([&global, &action, options] {
    action = [&global, options] { return run_bench_trial(*options, global); };
  });
}

}  // namespace salus::cli
