#include "cli/trial/ledger.h"

#include <fmt/format.h>

#include <cstdlib>
#include <optional>
#include <vector>

#include "cli/arguments.h"
#include "cli/input_file.h"
#include "cli/output.h"
#include "engine/error.h"
#include "trial/proof/signed_seal.h"
#include "trial/proof/utc_time.h"

namespace salus::cli {
namespace {

using nlohmann::json;

/// The anchor's bytes: of the file named, else those in the seal.
std::optional<std::vector<std::uint8_t>> anchor_bytes(const trial::SealFolder& seal,
                                                      const LedgerOptions& options) {
  if (!options.receipt.empty()) return read_all(options.receipt, trial::kMaxAnchorBytes);
  const auto content = seal.part(trial::kAnchorFile, trial::kMaxAnchorBytes);
  if (!content) return std::nullopt;
  return std::vector<std::uint8_t>(content->begin(), content->end());
}

std::variant<trial::CheckedAnchor, std::string> checked(const trial::SealFolder& seal, Bytes bytes,
                                                        const LedgerOptions& options) {
  const auto anchor = trial::decode_anchor(bytes);
  if (!anchor) return "it is no block's receipt for a seal";
  const std::vector<std::uint8_t> statement = signatures_in(seal).statement;
  if (!options.trust.is_given()) return check_anchor(*anchor, statement);
  const ChainTrust chain = chain_trust_of(options.trust);
  const trial::LedgerTrust trust{chain.chain, chain.keys()};
  return check_anchor(*anchor, statement, &trust);
}

/// What a node says of the block; `holds` only if it is still on its best chain.
LedgerFinding ask_standing(const trial::CheckedAnchor& anchor, const LedgerOptions& options,
                           const Global& global) {
  const auto elsewhere = [&](const std::string& why) -> LedgerFinding {
    return {false, fmt::format("ledger  NOT on the chain of {}: {}\n", options.node.url, why)};
  };
  json block;
  try {
    block = ask_node(options.node, global, fmt::format("/v1/blocks/{}", anchor.height));
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::input) throw;
    return elsewhere(error.what());  // its chain is not so long
  }
  return shown(options.node, [&]() -> LedgerFinding {
    if (block.at("id").get<std::string>() != to_hex_reversed(anchor.block))
      return elsewhere(fmt::format("it has another block {}", anchor.height));
    const std::string work = "0x" + block.at("work_above").get<std::string>();
    return {true, fmt::format("ledger  {} blocks above it, {}{:.3g} hashes of work (says {})\n",
                              block.at("blocks_above").get<std::uint64_t>(),
                              block.at("state") == "final" ? "final, " : "",
                              std::strtod(work.c_str(), nullptr), options.node.url)};
  });
}

}  // namespace

void add_ledger_options(CLI::App& command, LedgerOptions& options) {
  CLI::Option* const node =
      command
          .add_option("--node", options.node.url,
                      "Ask this node what stands above the block that the seal is in")
          ->type_name("URL");
  command
      .add_option("--node-ca", options.node.authorities,
                  "Who signed the node's certificate (PEM; default: the system's authorities)")
      ->type_name("FILE")
      ->needs(node);
  command
      .add_option("--receipt", options.receipt,
                  "The block's receipt for the seal (default: anchor.cbor in the seal)")
      ->type_name("FILE");
  add_chain_trust_options(command, options.trust, "--validator-key");
}

std::string anchor_text(const trial::CheckedAnchor& anchor) {
  return fmt::format("in block {} of chain {}, {}", anchor.height, to_hex_reversed(anchor.chain),
                     trial::utc_text(anchor.time));
}

LedgerFinding check_ledger(const trial::SealFolder& seal, const LedgerOptions& options,
                           const Global& global) {
  const bool is_asked_for = !options.node.url.empty() || options.trust.is_given();
  const auto bytes = anchor_bytes(seal, options);
  if (!bytes && !is_asked_for) return {};
  if (!bytes) return {false, "ledger  NOT on the ledger: `salus trial anchor` puts it there\n"};
  const auto verdict = checked(seal, *bytes, options);
  if (const auto* reason = std::get_if<std::string>(&verdict))
    return {false, fmt::format("ledger  the block's receipt does NOT hold: {}\n", *reason)};

  const auto& anchor = std::get<trial::CheckedAnchor>(verdict);
  LedgerFinding out{true, fmt::format("ledger  {}{}\n", anchor_text(anchor),
                                      anchor.is_trusted ? ""
                                                        : " (whose chain that is, was not asked: "
                                                          "--genesis says it)")};
  if (options.node.url.empty()) return out;
  const LedgerFinding standing = ask_standing(anchor, options, global);
  return {standing.holds, out.text + standing.text};
}

}  // namespace salus::cli
