// `salus trial report`: the page for the audit file.
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <optional>

#include "cli/arguments.h"
#include "cli/chain_trust.h"
#include "cli/engine_options.h"
#include "cli/key_files.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/trial/commands.h"
#include "cli/trial/study_options.h"
#include "engine/error.h"
#include "trial/report/report.h"
#include "trial/report/report_text.h"

namespace salus::cli {
namespace {

namespace fs = std::filesystem;

/// Files listed in a report: enough for any that people read, and memory stays bounded.
constexpr std::size_t kMaxFindings = 10'000;

struct ReportOptions {
  std::string seal;
  std::string data;
  std::string out;
  std::string key;
  std::string secret;
  std::string authorities;
  std::size_t places = 100;
  ChainTrustOptions trust;
};

using Write = std::string (*)(const trial::Report&);

/// By the extension of the file that it is to go to.
Write writer_for(const std::string& out) {
  const std::string extension = fs::path(out).extension();
  if (extension == ".html" || extension == ".htm") return trial::report_html;
  if (extension == ".json") return trial::report_json;
  if (extension == ".csv") return trial::report_csv;
  throw Error(ErrorKind::usage,
              "--out " + printable(out) + ": ends in neither .html, .json nor .csv");
}

trial::ReportedRun verify(const ReportOptions& options, const trial::SealFolder& seal,
                          const Global& global) {
  const std::optional<trial::StudySecret> secret =
      find_secret_to_name(options.secret, options.seal);
  const trial::VerifyRequest request{.folder = options.data,
                                     .seal = &seal,
                                     .secret = secret ? &*secret : nullptr,
                                     .max_places = options.places,
                                     .progress_file = {},
                                     .cpu = cpu_options(global)};
  ProgressBar progress(global, "verifying", Unit::bytes);
  const std::uint64_t total = bytes_to_read(options.data, seal.seal().header.excludes, global);
  trial::ReportedRun run;
  run.started = utc_now();
  run.summary = verify_study(
      request,
      [&](const trial::Finding& finding) {
        if (finding.outcome == trial::Outcome::unchanged) return;
        if (run.findings.size() < kMaxFindings)
          run.findings.push_back(finding);
        else
          ++run.more_findings;
      },
      {.stop = global.stop,
       .progress = [&](std::uint64_t done, std::uint64_t) { progress.update(done, total); }});
  run.finished = utc_now();
  return run;
}

std::string summary_of(const trial::Report& report) {
  if (!report.is_good()) return trial::verdict(report);
  return report.run ? "good" : "the seal is good; no data was verified (--data DIR)";
}

int run_report(const ReportOptions& options, const Global& global) {
  const Write write = writer_for(options.out);
  require_writable(options.out);
  const trial::SealFolder seal(options.seal, cpu_options(global));
  trial::ReportTrust trust;
  trust.time_authorities = options.authorities;
  std::optional<trial::PublicKey> signer;
  if (!options.key.empty()) {
    signer = public_key_of_file(options.key, {});
    trust.signer = &*signer;
  }
  std::optional<ChainTrust> chain;
  std::optional<trial::LedgerTrust> ledger;
  if (options.trust.is_given()) {
    chain = chain_trust_of(options.trust);
    ledger = {chain->chain, chain->keys()};
    trust.ledger = &*ledger;
  }
  trial::Report report = report_on(seal, trust, {.stop = global.stop, .progress = {}});
  if (!options.data.empty()) report.run = verify(options, seal, global);
  report.written = utc_now();
  report.tool = tool_name();
  write_file(options.out, write(report));
  if (!global.quiet) print("{}: {}\n", printable(options.out), summary_of(report));
  return report.is_good() ? kOk : kRefused;
}

}  // namespace

void add_trial_report_command(CLI::App& trial, Global& global, Action& action) {
  CLI::App& command = *add_subcommand(trial, "report",
                                      "Write a page on a seal for the audit file: HTML, JSON, CSV");
  const auto options = std::make_shared<ReportOptions>();
  command.add_option("SEAL", options->seal, "The seal")->required();
  command
      .add_option("-o,--out", options->out, "Where it goes: its name ends in .html, .json or .csv")
      ->type_name("FILE")
      ->required();
  command.add_option("--data", options->data, "Verify this folder, and say what was found")
      ->type_name("DIR");
  command
      .add_option("--key", options->key,
                  "The key that must have sealed it: public, or private for its public part")
      ->type_name("FILE");
  command
      .add_option("--secret", options->secret,
                  "The study's secret (default: STUDY.secret beside STUDY.seal, if it is there)")
      ->type_name("FILE");
  command
      .add_option("--ca", options->authorities,
                  "Certificates (PEM) of whom you trust to stamp times: the seal must have a stamp")
      ->type_name("FILE");
  add_places_option(command, options->places);
  add_chain_trust_options(command, options->trust, "--validator-key");
  add_cpu_options(command, global);
  command.footer(
      "What was sealed, when and by whom; what proves it; with --data what a verification finds\n"
      "now, place by place; and which controls this supports. There are no data values in it:\n"
      "records are named by their numbers, variables by their names. Exit code 0 only if nothing\n"
      "is wrong: a seal that is on no ledger is wrong for who gives --genesis or --chain, one "
      "without\n"
      "a time stamp for who gives --ca.\n"
      "Example:\n"
      "  salus trial report study.seal --data study --key sponsor.pub -o report.html");
  command.callback([&global, &action, options] {
    action = [&global, options] { return run_report(*options, global); };
  });
}

}  // namespace salus::cli
