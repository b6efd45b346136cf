#include "cli/chain_trust.h"

#include <algorithm>

#include "cli/arguments.h"
#include "cli/key_files.h"
#include "engine/error.h"
#include "node/chain/genesis.h"
#include "node/statement/key_id.h"
#include "node/statement/secret.h"

namespace salus::cli {
namespace {

using engine::signature::PublicKey;

void trust_genesis(const std::string& file, ChainTrust& trust) {
  const node::Secret content = node::read_secret_file(file, node::kMaxGenesisText);
  const node::Genesis genesis = node::Genesis::from_toml(content.text());
  trust.chain = genesis.id();
  for (const node::GenesisKey& key : genesis.parameters().keys)
    if (key.role == node::Role::validator) trust.validators.push_back(key.key);
}

Digest chain_id(const std::string& hex) {
  auto id = digest_from_hex(hex);
  if (!id) throw Error(ErrorKind::usage, "--chain: a chain is named by 64 hex digits");
  std::ranges::reverse(*id);  // as it is shown
  return *id;
}

}  // namespace

void add_chain_trust_options(CLI::App& command, ChainTrustOptions& options,
                             const std::string& key_option) {
  command
      .add_option("--genesis", options.genesis, "The chain's genesis file: chain and validators")
      ->type_name("FILE");
  command.add_option("--chain", options.chain, "The chain's id, where there is no genesis file")
      ->type_name("ID");
  command
      .add_option(key_option, options.keys,
                  "File with a validator's public key, beside those of genesis")
      ->type_name("FILE")
      ->allow_extra_args(false)
      ->take_all();
}

std::optional<PublicKey> ChainTrust::find(const node::KeyId& id) const {
  for (const PublicKey& key : validators)
    if (node::key_id(key) == id) return key;
  return std::nullopt;
}

ChainTrust chain_trust_of(const ChainTrustOptions& options) {
  ChainTrust trust;
  if (!options.genesis.empty())
    trust_genesis(options.genesis, trust);
  else if (!options.chain.empty() && !options.keys.empty())
    trust.chain = chain_id(options.chain);
  else
    throw Error(ErrorKind::usage,
                "say whom you trust: --genesis FILE, or --chain ID with a validator's key");
  for (const std::string& file : options.keys)
    for (PublicKey& key : public_keys_in_file(file)) trust.validators.push_back(std::move(key));
  return trust;
}

}  // namespace salus::cli
