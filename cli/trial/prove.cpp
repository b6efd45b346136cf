// `salus trial prove`: a proof that a file, or one record of it, is in a seal.
#include "trial/proof/prove.h"
#include "cli/arguments.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/strict_number.h"
#include "cli/trial/commands.h"
#include "cli/trial/study_options.h"
#include "engine/error.h"
#include "trial/proof/signed_seal.h"

namespace salus::cli {
namespace {

namespace fs = std::filesystem;

struct ProveOptions {
  std::string seal;
  std::string file;
  std::string record;
  std::vector<std::string> where;
  std::vector<std::string> show;
  std::string format;
  std::string data;
  std::string secret;
  std::string out;
};

enum class Format { tlog, cose };

Format format_of(const ProveOptions& options) {
  if (options.format == "tlog") return Format::tlog;
  if (options.format == "cose") return Format::cose;
  const fs::path extension = fs::path(options.out).extension();
  return extension == ".cose" || extension == ".cbor" ? Format::cose : Format::tlog;
}

/// The study's folder: "STUDY" for "STUDY.seal".
fs::path data_of(const ProveOptions& options) {
  if (!options.data.empty()) return options.data;
  fs::path seal = options.seal;
  if (!seal.has_filename()) seal = seal.parent_path();
  if (seal.extension() != ".seal")
    throw Error(ErrorKind::usage, "--data DIR has to say where the study's data is");
  return seal.replace_extension();
}

trial::StudySecret secret_of(const ProveOptions& options) {
  auto secret = find_secret(options.secret, options.seal);
  if (!secret)
    throw Error(ErrorKind::input, default_secret(options.seal).string() +
                                      ": the study's secret is not there, without which no record "
                                      "can be proved (--secret FILE)");
  return std::move(*secret);
}

trial::Condition condition_of(const std::string& text) {
  const std::size_t sign = text.find('=');
  if (sign == std::string::npos || sign == 0)
    throw Error(ErrorKind::usage, "--where takes VARIABLE=VALUE, not " + text);
  return {text.substr(0, sign), text.substr(sign + 1)};
}

/// The one record that meets all conditions.
std::uint64_t find_one(const trial::SealFolder& seal, const trial::StudyFolder& data,
                       const ProveOptions& options) {
  constexpr std::size_t kListed = 10;
  std::vector<trial::Condition> conditions;
  for (const std::string& text : options.where) conditions.push_back(condition_of(text));
  const std::vector<std::uint64_t> found =
      find_sealed_records(seal, data, options.file, conditions, kListed + 1);
  if (found.empty()) throw Error(ErrorKind::usage, options.file + ": no record is like that");
  if (found.size() == 1) return found.front();
  std::string numbers;
  for (std::size_t i = 0; i < std::min(found.size(), kListed); ++i)
    numbers += (i == 0 ? "" : ", ") + std::to_string(found[i]);
  throw Error(ErrorKind::usage, options.file + ": records " + numbers +
                                    (found.size() > kListed ? ", ..." : "") +
                                    " are like that: say more with --where, or --record N");
}

std::string shown_text(const trial::RecordProof& record) {
  const auto shown = std::ranges::count_if(record.cells, [](const auto& cell) {
    return std::holds_alternative<trial::ShownCell>(cell);
  });
  return fmt::format("{} of {} variables", shown, record.cells.size());
}

/// A proof, and for people what it shows.
struct ToldProof {
  trial::Proof proof;
  std::string text;
};

ToldProof make_proof(const trial::SealFolder& seal, const ProveOptions& options) {
  if (options.record.empty() && options.where.empty()) {
    if (!options.show.empty())
      throw Error(ErrorKind::usage, "--show is for a record: --record N or --where VARIABLE=VALUE");
    return {prove_file(seal, options.file), fmt::format("file    {}\n", printable(options.file))};
  }
  const trial::StudyFolder data(data_of(options));
  const trial::StudySecret secret = secret_of(options);
  trial::RecordChoice choice;
  choice.record = options.where.empty() ? strict_number<std::uint64_t>(options.record, "--record")
                                        : find_one(seal, data, options);
  if (!options.show.empty()) choice.show = options.show;
  trial::MadeProof made = prove_record(seal, data, secret, options.file, choice);
  std::string text =
      fmt::format("record  {} of {} {}\nshows   {}\n", choice.record, printable(options.file),
                  printable(made.key), shown_text(*made.proof.record));
  return {std::move(made.proof), std::move(text)};
}

void write_proof(const trial::Proof& proof, const trial::SealSignatures& signatures,
                 const ProveOptions& options) {
  if (format_of(options) == Format::tlog)
    return write_file(options.out, write_tlog_proof(proof, signatures.checkpoint));
  const auto head = trial::read_tree_head(signatures.tree_head);
  const std::vector<std::uint8_t> receipt = write_cose_proof(proof, head.value());
  write_file(options.out, {reinterpret_cast<const char*>(receipt.data()), receipt.size()});
}

int run_prove(const ProveOptions& options, const Global& global) {
  const trial::SealFolder seal(options.seal);
  const trial::SignatureCheck check = check_signatures(seal);
  if (!check.faults.empty())
    throw Error(ErrorKind::input, (seal.path() / check.faults.front().file).string() + ": " +
                                      check.faults.front().reason);
  const ToldProof made = make_proof(seal, options);
  write_proof(made.proof, signatures_in(seal), options);
  if (!global.quiet) print("{}proof   {}\n", made.text, printable(options.out));
  return kOk;
}

void add_options(CLI::App& command, ProveOptions& options) {
  command.add_option("SEAL", options.seal, "The seal")->required();
  command.add_option("--file", options.file, "The file, by its path in the seal")
      ->type_name("PATH")
      ->required();
  CLI::Option* const record =
      command.add_option("--record", options.record, "Prove this record of it, counted from 0")
          ->type_name("N");
  command
      .add_option("--where", options.where,
                  "Prove the one record in which a variable has this value; may be given again")
      ->type_name("VARIABLE=VALUE")
      ->allow_extra_args(false)
      ->excludes(record);
  command
      .add_option("--show", options.show,
                  "Show only these variables of the record (default: all of it)")
      ->type_name("VARIABLE,...")
      ->delimiter(',')
      ->allow_extra_args(false);
  command
      .add_option("--format", options.format,
                  "tlog: C2SP tlog-proof, text; cose: COSE Receipt, RFC 9942 (default: cose for "
                  "names that end in .cose or .cbor, else tlog)")
      ->check(one_of({"tlog", "cose"}));
  command
      .add_option("--data", options.data,
                  "The study's folder (default: STUDY beside STUDY.seal); only for records")
      ->type_name("DIR");
  command
      .add_option("--secret", options.secret,
                  "The study's secret (default: STUDY.secret beside STUDY.seal); only for records")
      ->type_name("FILE");
  command.add_option("-o,--out", options.out, "File for the proof")->type_name("FILE")->required();
}

}  // namespace

void add_trial_prove_command(CLI::App& trial, Global& global, Action& action) {
  CLI::App& command =
      *add_subcommand(trial, "prove", "Prove that a file, or one record of it, was sealed");
  const auto options = std::make_shared<ProveOptions>();
  add_options(command, *options);
  command.footer(
      "A proof of a record shows the values that it is told to show and nothing of the others, "
      "nor\n"
      "of other records. `salus trial check` verifies it anywhere; Go's sumdb packages, COSE\n"
      "libraries and scripts/check-tlog-proof.sh verify its seal.\n"
      "Examples:\n"
      "  salus trial prove study.seal --file ae.xpt --where USUBJID=01-701-1015 --where AESEQ=1 "
      "-o p.tlog\n"
      "  salus trial prove study.seal --file dm.xpt --record 17 --show USUBJID,ARM -o p.cose");
  command.callback([&global, &action, options] {
    action = [&global, options] { return run_prove(*options, global); };
  });
}

}  // namespace salus::cli
