// `salus bench trial`: how fast trial data is sealed, verified and proved.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/arguments.h"
#include "cli/bench/core_clock.h"
#include "cli/bench/statistics.h"
#include "cli/bench/trial_files.h"
#include "cli/bench/trial_records.h"
#include "cli/bench_commands.h"
#include "cli/engine_options.h"
#include "cli/output.h"
#include "cli/status_line.h"
#include "cli/table.h"
#include "cli/units.h"

namespace salus::cli {
namespace {

using bench::TrialFilesRow;
using bench::TrialRecordsResult;
using bench::TrialRecordsRow;

struct Options {
  std::string work = "all";
  bench::TrialFilesWork files;
  bench::TrialRecordsWork records;
  std::string folder;
  bool json = false;
};

std::string rate(double amount, double seconds, Unit unit) {
  return format_rate(amount / seconds, unit);
}

std::string files_text(const std::vector<TrialFilesRow>& rows) {
  using enum Table::Align;
  Table table({{"verify files", left},
               {"by", left},
               {"files/s", right},
               {"best", right},
               {"bytes/s", right},
               {"CPU", right},
               {"against salus", right}});
  double ours = 0;
  for (const TrialFilesRow& row : rows) {
    if (row.program == "salus") ours = row.median_seconds();
    const auto files = static_cast<double>(row.files);
    table.add_row({row.set, row.program, rate(files, row.median_seconds(), Unit::files),
                   rate(files, std::ranges::min(row.seconds), Unit::files),
                   rate(static_cast<double>(row.bytes), row.median_seconds(), Unit::bytes),
                   format_duration(row.median_cpu_seconds()),
                   fmt::format("{:.2f} x as long", row.median_seconds() / ours)});
  }
  return table.text() + "\n";
}

nlohmann::json files_json(const std::vector<TrialFilesRow>& rows) {
  nlohmann::json out = nlohmann::json::array();
  for (const TrialFilesRow& row : rows)
    out.push_back({{"set", row.set},
                   {"program", row.program},
                   {"files", row.files},
                   {"bytes", row.bytes},
                   {"seconds", row.seconds},
                   {"cpu_seconds", row.cpu_seconds}});
  return out;
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

nlohmann::json records_json(const TrialRecordsResult& result) {
  nlohmann::json rows = nlohmann::json::array();
  for (const TrialRecordsRow& row : result.rows)
    rows.push_back({{"work", row.work},
                    {"records", row.records},
                    {"bytes", row.bytes},
                    {"seconds", row.seconds},
                    {"cpu_seconds", row.cpu_seconds}});
  return {{"rows", rows},
          {"verify_ratio", result.verify_ratio},
          {"prove_seconds", result.prove_seconds},
          {"peak_memory_bytes", result.peak_memory}};
}

/// What both kinds of work share.
template <typename Work>
Work prepared(Work work, const Options& options, const Global& global) {
  work.folder = options.folder;
  work.cpu = cpu_options(global);
  work.stop = global.stop;
  if (!global.quiet) work.status = show_status;
  return work;
}

int run_bench_trial(const Options& options, const Global& global) {
  const double clock = bench::measure_core_clock();
  nlohmann::json json = {{"schema", "salus.bench-trial/1"}, {"core_clock_hz", clock}};
  std::string text;
  // Records first: the peak of memory is theirs.
  if (options.work != "files") {
    const TrialRecordsResult result =
        bench::measure_trial_records(prepared(options.records, options, global));
    json["records"] = records_json(result);
    text += records_text(result, clock);
  }
  if (options.work != "records") {
    const std::vector<TrialFilesRow> rows =
        bench::measure_trial_files(prepared(options.files, options, global));
    json["files"] = files_json(rows);
    if (!text.empty()) text += "\n";
    text += files_text(rows);
    text += fmt::format("one core at {:.2f} GHz\n", clock / 1e9);
  }
  clear_status();
  write_out(options.json ? json_text(json) : text);
  return kOk;
}

void add_files_options(CLI::App& command, bench::TrialFilesWork& work) {
  constexpr std::uint64_t kMost = 10'000'000;
  constexpr const char* group = "Files";
  command.add_option("--small", work.small_files, "Files of 4 KiB")
      ->type_name("N")
      ->check(CLI::Range(std::uint64_t{0}, kMost))
      ->capture_default_str()
      ->group(group);
  command.add_option("--large", work.large_files, "Large files")
      ->type_name("N")
      ->check(CLI::Range(std::uint64_t{0}, kMost))
      ->capture_default_str()
      ->group(group);
  command.add_option("--large-mib", work.large_mib, "Size of each of those")
      ->type_name("MIB")
      ->check(CLI::Range(std::uint64_t{2}, std::uint64_t{1} << 20))
      ->capture_default_str()
      ->group(group);
}

}  // namespace

void add_bench_trial_command(CLI::App& bench, Global& global, Action& action) {
  CLI::App& command =
      *add_subcommand(bench, "trial", "Measure sealing, verifying and proving trial data");
  const auto options = std::make_shared<Options>();
  command.add_option("WORK", options->work, "What to measure")
      ->check(one_of({"files", "records", "all"}))
      ->capture_default_str();
  command.add_option("--records", options->records.records, "Records of the made-up dataset")
      ->type_name("N")
      ->check(CLI::Range(std::uint64_t{1'000}, std::uint64_t{1} << 30))
      ->capture_default_str();
  command
      .add_option_function<unsigned>(
          "--rounds",
          [options](unsigned rounds) {
            options->files.rounds = rounds;
            options->records.rounds = rounds;
          },
          "So often everything is measured (default: records 3 times, files 5 times)")
      ->type_name("N")
      ->check(CLI::Range(1U, 1000U));
  command
      .add_option("--folder", options->folder,
                  "Where the data is put for the time being (default: /dev/shm, or the temporary "
                  "folder)")
      ->type_name("DIR");
  command.add_flag("--json", options->json, "Print JSON, with all rounds");
  add_files_options(command, options->files);
  command.footer(
      "Records have eight variables and some 180 bytes. They are sealed with salts and with cell\n"
      "digests; verified with one value changed, so that every record is compared; and a hundred\n"
      "of them are opened for a proof. Files are verified against their seal, small ones by their\n"
      "digests and large ones by their chunks; rhash, once a core, and sha256sum do so in turn,\n"
      "where they are installed. Rates are the median of the rounds.\n"
      "Examples:\n"
      "  salus bench trial\n"
      "  salus bench trial records --records 10000000 --rounds 1");
  command.callback([&global, &action, options] {
    action = [&global, options] { return run_bench_trial(*options, global); };
  });
}

}  // namespace salus::cli
