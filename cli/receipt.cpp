// `salus receipt check`: whether a receipt holds, without any node.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "cli/arguments.h"
#include "cli/chain_trust.h"
#include "cli/command.h"
#include "cli/input_file.h"
#include "cli/output.h"
#include "engine/error.h"
#include "node/chain/receipt.h"

namespace salus::cli {
namespace {

using nlohmann::json;

/// A receipt or signed header: a path of 32 bytes a level, and a statement.
constexpr std::size_t kMaxProof = std::size_t{2} << 20;

struct Options {
  std::string receipt;
  std::string statement;
  std::string header;
  ChainTrustOptions trust;
  bool json = false;
};

/// What was found: a receipt that holds, or why it does not.
struct Finding {
  std::optional<node::Receipt> receipt;
  std::optional<Digest> block;  ///< Where a header was given.
  std::string fault;
};

/// Whether the header is a validator's, has its work, and commits to the same tree.
void check_header(const std::string& file, const ChainTrust& trust, const node::TrustedKeys& keys,
                  Finding& finding) {
  const auto header = node::decode_signed_header(read_all(file, kMaxProof));
  if (!header) {
    finding.fault = "header: malformed";
    return;
  }
  const auto checked = node::check_signed_header(*header, trust.chain, keys);
  if (const auto* fault = std::get_if<node::HeaderFault>(&checked)) {
    finding.fault = fmt::format("header: {}", to_string(*fault));
  } else if (header->header.merkle_root != finding.receipt->root) {
    finding.fault = "header: of another block";
  } else {
    finding.block = std::get<node::CheckedHeader>(checked).id;
  }
}

Finding check(const Options& options) {
  const ChainTrust trust = chain_trust_of(options.trust);
  const node::TrustedKeys keys = trust.keys();
  Finding finding;
  const auto checked =
      node::check_receipt(read_all(options.receipt, kMaxProof),
                          read_all(options.statement, node::kMaxStatementBytes), trust.chain, keys);
  if (const auto* fault = std::get_if<node::ReceiptFault>(&checked)) {
    finding.fault = to_string(*fault);
    return finding;
  }
  finding.receipt = std::get<node::Receipt>(checked);
  if (!options.header.empty()) check_header(options.header, trust, keys, finding);
  return finding;
}

std::string finding_text(const Finding& finding) {
  if (!finding.fault.empty()) return "INVALID: " + finding.fault + '\n';
  const node::Receipt& receipt = *finding.receipt;
  std::string text = fmt::format(
      "OK: statement {} of {} in block {}\nchain      {}\nroot       {}\nvalidator  {}\n",
      receipt.index, receipt.tree_size, receipt.height, to_hex_reversed(receipt.chain),
      to_hex(receipt.root), to_hex(receipt.validator));
  if (finding.block) text += fmt::format("block      {}\n", to_hex_reversed(*finding.block));
  return text;
}

json finding_json(const Finding& finding) {
  json out = {{"valid", finding.fault.empty()}};
  if (!finding.fault.empty()) {
    out["fault"] = finding.fault;
    return out;
  }
  const node::Receipt& receipt = *finding.receipt;
  out["height"] = receipt.height;
  out["index"] = receipt.index;
  out["tree_size"] = receipt.tree_size;
  out["chain"] = to_hex_reversed(receipt.chain);
  out["root"] = to_hex(receipt.root);
  out["validator"] = to_hex(receipt.validator);
  if (finding.block) out["block"] = to_hex_reversed(*finding.block);
  return out;
}

int run_check(const Options& options) {
  const Finding finding = check(options);
  write_out(options.json ? json_text(finding_json(finding)) : finding_text(finding));
  return finding.fault.empty() ? kOk : kRefused;
}

}  // namespace

void add_receipt_command(CLI::App& app, Global& /*global*/, Action& action) {
  CLI::App& receipt = *add_subcommand(app, "receipt", "Check proofs that statements are in blocks");
  receipt.require_subcommand(0, 1);  // main() says in its own words that one is missing
  CLI::App& check =
      *add_subcommand(receipt, "check", "Check a receipt (RFC 9942) without asking any node");
  const auto options = std::make_shared<Options>();
  check.add_option("RECEIPT", options->receipt, "The receipt, from `salus node receipt ID -o`")
      ->required();
  check.add_option("--statement", options->statement, "The statement's message")
      ->required()
      ->type_name("FILE");
  check.add_option("--header", options->header, "The block's signed header: is checked as well")
      ->type_name("FILE");
  add_chain_trust_options(check, options->trust, "--key");
  check.add_flag("--json", options->json, "Print JSON");
  check.footer(
      "Whoever holds the statement, the receipt and the genesis file needs no node. Exit code 1\n"
      "when the receipt, or the header, does not hold.");
  check.callback([&action, options] { action = [options] { return run_check(*options); }; });
}

}  // namespace salus::cli
