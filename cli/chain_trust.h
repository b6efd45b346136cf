// Whom a command trusts to make blocks, where it checks something of a chain without a node.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/command.h"
#include "engine/signature/public_key.h"
#include "node/chain/signed_header.h"

namespace salus::cli {

struct ChainTrustOptions {
  std::string genesis;
  std::string chain;
  std::vector<std::string> keys;

  [[nodiscard]] bool is_given() const { return !genesis.empty() || !chain.empty(); }
};

/// Adds --genesis, --chain and, under the name `key_option`, the validators' keys.
void add_chain_trust_options(CLI::App& command, ChainTrustOptions& options,
                             const std::string& key_option);

/// The chain that counts, and who may sign its blocks.
struct ChainTrust {
  Digest chain{};
  std::vector<engine::signature::PublicKey> validators;

  [[nodiscard]] std::optional<engine::signature::PublicKey> find(const node::KeyId& id) const;
  /// `find`, of an object that outlives what it is given to.
  [[nodiscard]] node::TrustedKeys keys() const {
    return [this](const node::KeyId& id) { return find(id); };
  }
};

/// Throws `Error`: (usage) when the options do not say whom to trust, (input) for files that do not
/// hold what they should.
ChainTrust chain_trust_of(const ChainTrustOptions& options);

}  // namespace salus::cli
