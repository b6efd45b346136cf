// `salus trial seal`: seals a folder.
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <optional>

#include "cli/arguments.h"
#include "cli/engine_options.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/shell_quote.h"
#include "cli/statement_output.h"
#include "cli/status_line.h"
#include "cli/trial/commands.h"
#include "cli/trial/seal_problems.h"
#include "cli/trial/study_options.h"
#include "engine/error.h"
#include "trial/content/study_folder.h"
#include "trial/proof/signed_seal.h"
#include "trial/seal/seal_writer.h"
#include "trial/seal/sealing.h"

namespace salus::cli {
namespace {

namespace fs = std::filesystem;

struct SealOptions {
  std::string folder;
  std::string out;
  ClaimOptions signer;
  std::string origin;
  std::string note;
  std::vector<std::string> excludes;
  bool records = false;
  bool cells = false;
  std::string secret;
  bool force = false;
  bool resume = false;
};

trial::SealHeader header_of(const SealOptions& options) {
  trial::SealHeader header;
  header.origin = options.origin;
  if (header.origin.empty())
    header.origin = trial::default_origin(default_seal(options.folder).stem().string());
  header.sealed = utc_now();
  header.tool = tool_name();
  if (!options.note.empty()) header.note = options.note;
  header.excludes = options.excludes;
  header.cells = options.cells;
  return header;
}

trial::SealParts sign(const node::SigningKey& key, const trial::SealHeader& header,
                      const trial::TreeHead& head) {
  return sign_parts(key, head, header.sealed, header.note.value_or(""));
}

/// The study's secret, made now if there is none yet.
trial::StudySecret secret_for(const SealOptions& options, const fs::path& seal) {
  const fs::path path = options.secret.empty() ? default_secret(seal) : fs::path(options.secret);
  if (trial::lies_below(path, options.folder))
    throw Error(ErrorKind::usage,
                path.string() +
                    ": the secret must not lie within the data, and be given away "
                    "with it (--secret names another place)");
  if (fs::exists(path)) return trial::StudySecret::load(path);
  trial::StudySecret secret = trial::StudySecret::generate();
  secret.save(path);
  write_error_line(fmt::format(
      "salus trial: {} is made: keep it apart from the seal, and safe. Without it no record can be "
      "proved; with it records can be guessed",
      shell_quote(path.string())));
  return secret;
}

void print_summary(const trial::SealSummary& summary, const fs::path& seal) {
  print("sealed  {} files, {}", summary.files,
        format_amount(static_cast<double>(summary.bytes), Unit::bytes));
  if (summary.record_files != 0)
    print("; {} records in {} of them", summary.records, summary.record_files);
  print("{}\ntree    {} entries, root {}\nseal    {}\n",
        resumed_text(summary.resumed, summary.resumed_bytes), summary.size, to_hex(summary.root),
        printable(seal.string()));
}

int run_seal(SealOptions& options, const Global& global) {
  options.records = options.records || options.cells;
  trial::SealRequest request;
  request.folder = options.folder;
  request.seal = options.out.empty() ? default_seal(options.folder) : fs::path(options.out);
  request.header = header_of(options);
  request.records = options.records;
  request.replace = options.force;
  request.resume = options.resume;
  request.cpu = cpu_options(global);
  const node::SigningKey key = load_signer(options.signer, global.stop);
  // What cannot be signed in the end must not cost a run.
  (void)sign(key, request.header, {request.header.origin, 1, {}});
  request.sign = [&key](const trial::SealHeader& header, const merkle::Tree& tree) {
    return sign(key, header, {header.origin, tree.size(), tree.root()});
  };
  if (!options.force && fs::exists(fs::symlink_status(request.seal)))
    throw Error(ErrorKind::usage,
                fmt::format("{} is there already: --force replaces it; `salus trial update` keeps "
                            "it, and seals what has changed",
                            request.seal.string()));
  check_request(request);
  if (!options.resume && fs::exists(trial::SealWriter::partial_path(request.seal)))
    write_error_line(fmt::format(
        "salus trial: {} is begun anew; --resume would go on with what a run that was stopped left",
        shell_quote(request.seal.string())));
  std::optional<trial::StudySecret> secret;
  if (options.records) secret = secret_for(options, request.seal);
  request.secret = secret ? &*secret : nullptr;

  ProgressBar progress(global, "sealing", Unit::bytes);
  const std::uint64_t total = bytes_to_read(request.folder, options.excludes, global);
  const engine::JobControl control{
      .stop = global.stop,
      .progress = [&](std::uint64_t done, std::uint64_t) { progress.update(done, total); }};
  try {
    const trial::SealSummary summary = seal_study(request, tell_problem, control);
    if (!global.quiet) print_summary(summary, request.seal);
    if (summary.files == 0)
      write_error_line(
          "salus trial: WARNING: nothing is sealed: there is no file, or all are "
          "excluded");
    return exit_code_of_sealing(summary.problems);
  } catch (const Cancelled&) {
    write_error_line("salus trial: stopped; the same command with --resume goes on");
    throw;
  }
}

void add_options(CLI::App& command, SealOptions& options) {
  command.add_option("DIR", options.folder, "The study's folder")->required();
  command.add_option("-o,--out", options.out, "Folder of the seal (default: DIR.seal, beside DIR)")
      ->type_name("SEAL");
  add_signer_options(command, options.signer);
  command
      .add_option("--origin", options.origin,
                  "Name of the seal (default: salus-trial/ and the folder's name)")
      ->type_name("NAME");
  command.add_option("--note", options.note, "For people: written into the seal, and signed")
      ->type_name("TEXT");
  command
      .add_option("--exclude", options.excludes,
                  "Leave out what matches: a name, or with a slash a path; may be given again")
      ->type_name("GLOB")
      ->allow_extra_args(false);
  command.add_flag("--records", options.records,
                   "Seal each record of files whose format is known, salted");
  command.add_flag("--cells", options.cells,
                   "The same, and keep what names the very variable that changes");
  command
      .add_option("--secret", options.secret,
                  "The study's secret, which salts are made of; made if it is not there (default: "
                  "DIR.secret, beside the seal)")
      ->type_name("FILE");
  command.add_flag("--force", options.force, "Replace a seal that is there already");
  command.add_flag("--resume", options.resume, "Go on where a run that was stopped has left off");
}

}  // namespace

void add_trial_seal_command(CLI::App& trial, Global& global, Action& action) {
  CLI::App& command = *add_subcommand(trial, "seal", "Seal a folder under one signed root");
  const auto options = std::make_shared<SealOptions>();
  add_options(command, *options);
  add_cpu_options(command, global);
  command.footer(
      "Makes a folder with SHA256SUMS, which `sha256sum -c` takes as it is, and what is signed\n"
      "over it. Symbolic links, pipes and devices are not sealed, nor what cannot be read: each "
      "is\n"
      "named, and the exit code is 2 then. Formats: docs/trial-formats.md.\n"
      "Example:\n"
      "  salus trial seal study --key sponsor.pem --cells --note 'Database lock'");
  command.callback([&global, &action, options] {
    action = [&global, options] { return run_seal(*options, global); };
  });
}

}  // namespace salus::cli
