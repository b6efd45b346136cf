// `salus trial verify`: holds a folder against its seal.
#include <fmt/format.h>

#include <memory>
#include <optional>

#include "cli/arguments.h"
#include "cli/engine_options.h"
#include "cli/key_files.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/status_line.h"
#include "cli/trial/commands.h"
#include "cli/trial/finding_text.h"
#include "cli/trial/ledger.h"
#include "cli/trial/stamped.h"
#include "cli/trial/study_options.h"
#include "cli/trial/verify_manifest.h"
#include "engine/error.h"
#include "trial/manifest/manifest.h"
#include "trial/proof/attachments.h"
#include "trial/proof/signed_seal.h"
#include "trial/verify/seal_check.h"
#include "trial/verify/verification.h"

namespace salus::cli {
namespace {

namespace fs = std::filesystem;

struct VerifyOptions {
  std::string folder;
  std::string seal;
  std::string key;
  std::string secret;
  std::size_t places = 100;
  bool whole_files = false;
  bool resume = false;
  LedgerOptions ledger;
  std::string authorities;
};

/// Text for standard output is collected: there may be a line for each of a million files.
constexpr std::size_t kMuch = std::size_t{64} << 10;

/// Says what is wrong with the seal itself; how much it is.
std::size_t report_seal_faults(const trial::SealFolder& seal,
                               const std::optional<trial::PublicKey>& trusted,
                               const Global& global) {
  std::vector<std::string> faults = seal_faults(seal, {.stop = global.stop, .progress = {}});
  const trial::SignatureCheck signatures = check_signatures(seal, trusted ? &*trusted : nullptr);
  std::vector<trial::SealFault> more = check_attachments(seal);
  more.insert(more.begin(), signatures.faults.begin(), signatures.faults.end());
  for (const trial::SealFault& fault : more)
    faults.push_back((seal.path() / fault.file).string() + ": " + fault.reason);
  for (const std::string& fault : faults)
    write_error_line(fmt::format("salus trial: {}", printable(fault)));
  if (!signatures.signer || global.quiet) return faults.size();
  const trial::SealHeader& header = seal.seal().header;
  print("seal    {}, {}, signed by {}{}\n", header.origin, seal.seal().sections.back().sealed,
        to_hex(signatures.signer->id),
        trusted ? "" : " (whose key that is, was not asked: --key says it)");
  return faults.size();
}

int run_verify(const VerifyOptions& options, const Global& global) {
  std::optional<trial::PublicKey> trusted;
  if (!options.key.empty()) trusted = public_key_of_file(options.key, {});
  const trial::SealFolder seal(options.seal, cpu_options(global));
  const std::optional<trial::StudySecret> secret =
      find_secret_to_name(options.secret, options.seal);
  fs::path progress_file = fs::path(options.seal);
  if (!progress_file.has_filename()) progress_file = progress_file.parent_path();
  progress_file += ".verify-progress";
  const trial::VerifyRequest request{.folder = options.folder,
                                     .seal = &seal,
                                     .secret = secret ? &*secret : nullptr,
                                     .whole_digests = options.whole_files,
                                     .max_places = options.places,
                                     .progress_file = progress_file,
                                     .resume = options.resume,
                                     .cpu = cpu_options(global)};
  ProgressBar progress(global, "verifying", Unit::bytes);
  const std::uint64_t total = bytes_to_read(options.folder, seal.seal().header.excludes, global);
  std::string lines;
  try {
    const trial::VerifySummary summary = verify_study(
        request,
        [&](const trial::Finding& finding) {
          if (global.quiet && finding.outcome == trial::Outcome::unchanged) return;
          append_finding(lines, finding);
          if (lines.size() < kMuch) return;
          write_out(lines);
          lines.clear();
        },
        {.stop = global.stop,
         .progress = [&](std::uint64_t done, std::uint64_t) { progress.update(done, total); }});
    write_out(lines);
    const std::size_t faults = report_seal_faults(seal, trusted, global);
    const LedgerFinding ledger = check_ledger(seal, options.ledger, global);
    if (!global.quiet || !ledger.holds) write_out(ledger.text);
    const StampFinding stamp = check_stamp(seal, options.authorities);
    if (!global.quiet || !stamp.holds) write_out(stamp.text);
    if (!global.quiet) write_out(summary_text(summary));
    const bool is_good = summary.all_unchanged() && faults == 0 && ledger.holds && stamp.holds;
    return is_good ? kOk : kRefused;
  } catch (const Cancelled&) {
    write_error_line("salus trial: stopped; the same command with --resume goes on");
    throw;
  }
}

int run_verify_manifest(const VerifyOptions& options, const Global& global) {
  const LedgerOptions& ledger = options.ledger;
  const bool asks_for_ledger =
      !ledger.node.url.empty() || !ledger.receipt.empty() || ledger.trust.is_given();
  if (!options.key.empty() || !options.secret.empty() || options.resume || asks_for_ledger ||
      !options.authorities.empty())
    throw Error(ErrorKind::usage,
                printable(options.seal) +
                    ": a manifest is no seal: nobody signed it (--key), stamped it (--ca) or put "
                    "it on a ledger (--node, --receipt, --genesis, --chain), it has no records "
                    "(--secret), and verification goes through at once (--resume)");
  return verify_against_manifest(options.folder, options.seal, global);
}

void add_options(CLI::App& command, VerifyOptions& options) {
  command.add_option("DIR", options.folder, "The study's folder")->required();
  command
      .add_option("SEAL", options.seal,
                  "Its seal; or a manifest of sha256sum or hashdeep, or a bag (BagIt)")
      ->required();
  command
      .add_option("--key", options.key,
                  "The key that must have sealed it: public, or private for its public part")
      ->type_name("FILE");
  command
      .add_option("--secret", options.secret,
                  "The study's secret, to name changed records (default: STUDY.secret beside "
                  "STUDY.seal, if it is there)")
      ->type_name("FILE");
  add_places_option(command, options.places);
  command.add_flag("--whole-files", options.whole_files,
                   "Compare digests of whole files beside their chunks");
  command.add_flag("--resume", options.resume, "Go on where a run that was stopped has left off");
  add_ledger_options(command, options.ledger);
  command
      .add_option("--ca", options.authorities,
                  "Certificates (PEM) of whom you trust to stamp times: the seal must have a stamp")
      ->type_name("FILE");
}

}  // namespace

void add_trial_verify_command(CLI::App& trial, Global& global, Action& action) {
  CLI::App& command = *add_subcommand(trial, "verify", "Hold a folder against its seal");
  const auto options = std::make_shared<VerifyOptions>();
  add_options(command, *options);
  add_cpu_options(command, global);
  command.footer(
      "A line for each file: OK, RECORDS EQUAL, CHANGED, MISSING, ADDED, RENAMED or UNREADABLE;\n"
      "with --quiet none for those that are OK. Exit code 0 only if every file is there, byte for\n"
      "byte as sealed, nothing else is, and the seal itself is whole; with --genesis, --chain or\n"
      "--node only if it is on that ledger, with --ca only if it is stamped. Symbolic links are "
      "not\n"
      "followed, and nothing outside DIR is read.\n"
      "Example:\n"
      "  salus trial verify study study.seal --key sponsor.pub");
  command.callback([&global, &action, options] {
    action = [&global, options] {
      return trial::may_be_manifest(options->seal) ? run_verify_manifest(*options, global)
                                                   : run_verify(*options, global);
    };
  });
}

}  // namespace salus::cli
