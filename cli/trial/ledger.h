// Since when a seal is on the ledger: what `salus trial verify` says of its anchor.
#pragma once

#include <string>

#include "cli/chain_trust.h"
#include "cli/node_client.h"
#include "trial/proof/anchor.h"
#include "trial/seal/seal_folder.h"

namespace salus::cli {

struct LedgerOptions {
  NodeClientOptions node;  ///< Without an address, no node is asked.
  std::string receipt;     ///< Where the anchor is, when not in the seal.
  ChainTrustOptions trust;

  LedgerOptions() { node.url.clear(); }
};

/// Adds --node, --node-ca, --receipt, --genesis, --chain and --validator-key.
void add_ledger_options(CLI::App& command, LedgerOptions& options);

/// What is known of a seal's anchor.
struct LedgerFinding {
  bool holds = true;  ///< False when an anchor is damaged, missing though asked for, or off chain.
  std::string text;   ///< Lines for people; empty where there is nothing to say.
};

/// Checks the anchor of a seal, held against the chain that is trusted where the options say so,
/// and asks a node, where they name one, what stands above it now. Throws `Error` where files or
/// the node cannot be read.
LedgerFinding check_ledger(const trial::SealFolder& seal, const LedgerOptions& options,
                           const Global& global);

/// "in block 17 of chain 00ab..., 2026-11-21T22:00:00Z".
std::string anchor_text(const trial::CheckedAnchor& anchor);

}  // namespace salus::cli
