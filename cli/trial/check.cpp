// `salus trial check`: whether a proof holds, without a seal, a node or a network.
#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/arguments.h"
#include "cli/chain_trust.h"
#include "cli/command.h"
#include "cli/error_context.h"
#include "cli/input_file.h"
#include "cli/key_files.h"
#include "cli/output.h"
#include "cli/trial/commands.h"
#include "cli/trial/ledger.h"
#include "engine/byte_source.h"
#include "engine/error.h"
#include "engine/signature/openssl_object.h"
#include "trial/proof/proof_check.h"
#include "trial/proof/shown_record.h"
#include "trial/proof/utc_time.h"

namespace salus::cli {
namespace {

using nlohmann::json;
using trial::CheckedProof;
using trial::ProvedLine;

struct CheckOptions {
  std::string proof;
  std::string key;
  std::string origin;
  std::string record;
  std::string file;
  ChainTrustOptions trust;
  bool json = false;
};

/// What was found: the proof, what a file beside it was found to be, or why it does not hold.
struct Verdict {
  std::string fault;  ///< A word for programs; empty where all holds.
  std::string reason;
  std::optional<CheckedProof> proof;
  bool is_file = false;  ///< The file given is the one that was sealed.
  std::optional<trial::RecordMatch> match;
};

files::Descriptor open_file(const std::string& path) {
  files::Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open())
    throw Error(ErrorKind::input, input_name(path) + ": " + std::strerror(errno));
  return file;
}

Digest digest_of(const std::string& path) {
  using namespace engine::signature;
  return in_context(input_name(path), [&] {
    FileSource source(path);
    const OwnedDigestContext context(EVP_MD_CTX_new());
    require_openssl(context && EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1,
                    "hash a file");
    std::vector<std::uint8_t> buffer(std::size_t{1} << 20);
    while (const std::size_t size = source.read(buffer))
      require_openssl(EVP_DigestUpdate(context.get(), buffer.data(), size) == 1, "hash a file");
    Digest digest;
    require_openssl(EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) == 1, "hash a file");
    return digest;
  });
}

std::size_t shown_count(const trial::RecordProof& record) {
  const auto is_shown = [](const auto& cell) {
    return std::holds_alternative<trial::ShownCell>(cell);
  };
  return static_cast<std::size_t>(std::ranges::count_if(record.cells, is_shown));
}

/// Holds what the proof shows against files that the caller has.
void compare(const CheckOptions& options, Verdict& verdict) {
  const CheckedProof& proof = *verdict.proof;
  if (!options.file.empty()) {
    if (proof.line.kind != ProvedLine::Kind::file)
      throw Error(ErrorKind::usage, "--file: the proof is not of a whole file");
    verdict.is_file = digest_of(options.file) == proof.line.digest;
    if (!verdict.is_file) {
      verdict.fault = "other_file";
      verdict.reason = printable(options.file) + " is not the file that was sealed";
    }
  }
  if (options.record.empty()) return;
  if (!proof.record) throw Error(ErrorKind::usage, "--record: the proof is not of a record");
  if (shown_count(*proof.record) == 0)
    throw Error(ErrorKind::usage, "--record: the proof shows nothing of its record to compare");
  verdict.match = find_shown(open_file(options.record), proof.line.records.canonical_form,
                             options.record, *proof.record);
  if (verdict.match->found) return;
  verdict.fault = "other_record";
  verdict.reason = printable(options.record) + " has no record with the values that are shown";
}

Verdict check(const CheckOptions& options) {
  const trial::PublicKey key = public_key_of_file(options.key, {});
  const std::vector<std::uint8_t> content = read_all(options.proof, trial::kMaxProofBytes);
  const trial::ReadProof read =
      in_context(input_name(options.proof), [&] { return trial::read_proof(content); });
  std::optional<ChainTrust> chain;
  std::optional<trial::LedgerTrust> ledger;
  if (options.trust.is_given()) {
    chain = chain_trust_of(options.trust);
    ledger = {chain->chain, chain->keys()};
  }
  auto checked = check_proof(read, key, ledger ? &*ledger : nullptr);
  Verdict verdict;
  if (const auto* fault = std::get_if<trial::ProofFault>(&checked)) {
    verdict.fault = to_string(*fault);
    verdict.reason = explanation(*fault);
    return verdict;
  }
  verdict.proof = std::move(std::get<CheckedProof>(checked));
  if (!options.origin.empty() && options.origin != verdict.proof->head.origin) {
    verdict.fault = "other_origin";
    verdict.reason = "it is of the seal " + verdict.proof->head.origin;
  } else if (ledger && !verdict.proof->anchor) {
    verdict.fault = "not_anchored";
    verdict.reason = "it says nothing of any ledger";
  } else {
    compare(options, verdict);
  }
  return verdict;
}

std::string subject_text(const CheckedProof& proof) {
  if (proof.record)
    return fmt::format("record {} of {} in {}", proof.record->index, proof.line.records.count,
                       printable(proof.line.path));
  switch (proof.line.kind) {
    case ProvedLine::Kind::file: return "file " + printable(proof.line.path);
    case ProvedLine::Kind::chunks: return "the chunks of " + printable(proof.line.path);
    case ProvedLine::Kind::records: return "the records of " + printable(proof.line.path);
  }
  return {};
}

void append_record(std::string& out, const CheckedProof& proof) {
  out += fmt::format("form       {}\n", printable(proof.line.records.canonical_form));
  const auto& cells = proof.record->cells;
  for (const auto& cell : cells) {
    const auto* shown = std::get_if<trial::ShownCell>(&cell);
    if (shown == nullptr) continue;
    out += fmt::format("shown      {} = {}\n", printable(shown->name), printable(shown->value));
  }
  out += fmt::format("not shown  {} of {} variables\n", cells.size() - shown_count(*proof.record),
                     cells.size());
}

std::string verdict_text(const Verdict& verdict) {
  if (!verdict.fault.empty()) return "INVALID: " + verdict.reason + "\n";
  const CheckedProof& proof = *verdict.proof;
  std::string out = "OK: " + subject_text(proof) + "\n";
  if (proof.line.kind == ProvedLine::Kind::file)
    out += fmt::format("sha256     {}\n", to_hex(proof.line.digest));
  if (verdict.is_file) out += "equal      the file given\n";
  if (proof.record) append_record(out, proof);
  if (verdict.match)
    out +=
        fmt::format("equal      record {} of the file given; {} of its variables are not shown\n",
                    verdict.match->record, verdict.match->not_shown);
  out += fmt::format("seal       {}, entry {} of {}\nroot       {}\nsigner     {}\n",
                     printable(proof.head.origin), proof.index, proof.head.size,
                     to_hex(proof.head.root), to_hex(proof.signer));
  if (proof.issued_at)
    out += fmt::format("sealed     {} (as the signer says)\n", trial::utc_text(*proof.issued_at));
  if (proof.anchor)
    out += fmt::format("ledger     {}{}\n", anchor_text(*proof.anchor),
                       proof.anchor->is_trusted ? ""
                                                : " (whose chain that is, was not asked: "
                                                  "--genesis says it)");
  return out;
}

json record_json(const CheckedProof& proof) {
  json shown = json::array();
  for (const auto& cell : proof.record->cells)
    if (const auto* one = std::get_if<trial::ShownCell>(&cell))
      shown.push_back({{"name", one->name}, {"value", one->value}});
  const std::size_t hidden = proof.record->cells.size() - shown.size();
  return {{"index", proof.record->index},
          {"records", proof.line.records.count},
          {"form", proof.line.records.canonical_form},
          {"shown", shown},
          {"not_shown", hidden}};
}

json verdict_json(const Verdict& verdict) {
  json out = {{"schema", "salus.trial-check/1"}, {"valid", verdict.fault.empty()}};
  if (!verdict.fault.empty()) {
    out["fault"] = verdict.fault;
    out["reason"] = verdict.reason;
    return out;
  }
  const CheckedProof& proof = *verdict.proof;
  out["path"] = proof.line.path;
  if (proof.line.kind == ProvedLine::Kind::file) out["sha256"] = to_hex(proof.line.digest);
  if (proof.record) out["record"] = record_json(proof);
  if (verdict.match)
    out["equal"] = {{"record", verdict.match->record}, {"not_shown", verdict.match->not_shown}};
  out["origin"] = proof.head.origin;
  out["line"] = proof.index;
  out["size"] = proof.head.size;
  out["root"] = to_hex(proof.head.root);
  out["signer"] = to_hex(proof.signer);
  if (proof.issued_at) out["sealed"] = trial::utc_text(*proof.issued_at);
  if (proof.anchor)
    out["ledger"] = {{"chain", to_hex_reversed(proof.anchor->chain)},
                     {"block", to_hex_reversed(proof.anchor->block)},
                     {"height", proof.anchor->height},
                     {"time", trial::utc_text(proof.anchor->time)},
                     {"trusted", proof.anchor->is_trusted}};
  return out;
}

int run_check(const CheckOptions& options) {
  const Verdict verdict = check(options);
  write_out(options.json ? json_text(verdict_json(verdict)) : verdict_text(verdict));
  return verdict.fault.empty() ? kOk : kRefused;
}

}  // namespace

void add_trial_check_command(CLI::App& trial, Global& /*global*/, Action& action) {
  CLI::App& command = *add_subcommand(
      trial, "check", "Check a proof of `salus trial prove`, without anything else");
  const auto options = std::make_shared<CheckOptions>();
  command.add_option("PROOF", options->proof, "The proof, in either form")->required();
  command
      .add_option("--key", options->key,
                  "The key that must have sealed: from the signer, not from who made the proof")
      ->type_name("FILE")
      ->required();
  command.add_option("--origin", options->origin, "The name that the seal must have")
      ->type_name("NAME");
  command
      .add_option("--record", options->record,
                  "Look in this file, of the sealed file's format, for the record that is shown")
      ->type_name("FILE");
  command.add_option("--file", options->file, "This must be the file that was sealed")
      ->type_name("FILE");
  add_chain_trust_options(command, options->trust, "--validator-key");
  command.add_flag("--json", options->json, "Print JSON");
  command.footer(
      "Exit code 1 when the proof does not hold, or a file is not what it shows.\n"
      "Example:\n"
      "  salus trial check p.tlog --key sponsor.pub --genesis genesis.toml");
  command.callback([&action, options] { action = [options] { return run_check(*options); }; });
}

}  // namespace salus::cli
