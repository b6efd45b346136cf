// `salus trial anchor`: puts a seal on the ledger, and the block's receipt into the seal.
#include <fmt/format.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>

#include "cli/arguments.h"
#include "cli/chain_trust.h"
#include "cli/command.h"
#include "cli/node_client.h"
#include "cli/output.h"
#include "cli/trial/commands.h"
#include "cli/trial/ledger.h"
#include "engine/error.h"
#include "node/statement/key_id.h"
#include "trial/proof/anchor.h"
#include "trial/proof/signed_seal.h"

namespace salus::cli {
namespace {

using nlohmann::json;

struct AnchorOptions {
  std::string seal;
  NodeClientOptions node;
  ChainTrustOptions trust;
  unsigned wait = 120;
};

/// What to do about a refusal, for those that somebody can do something about.
std::string advice(const std::string& reason) {
  if (reason == "unknown_signer")
    return ": the chain does not know the key; its authority registers it with `salus sign --type "
           "register --public-key SEAL/signer.pem`, and then the data is sealed anew";
  constexpr const char* anew = "seal anew (`salus trial seal --force`), and anchor that";
  if (reason == "issued_before_registration")
    return std::string(": the key was registered after it had sealed; ") + anew;
  if (reason == "sequence_not_risen")
    return std::string(": the key has signed something later already; ") + anew;
  if (reason == "overloaded") return ": try again in a while";
  return {};
}

/// Hands the statement in, unless the node has it already.
void submit(const AnchorOptions& options, const Global& global, Bytes statement) {
  if (const auto reason = refusal_by_node(options.node, global, statement))
    throw Error(ErrorKind::input, fmt::format("{} refuses the seal's statement: {}{}",
                                              options.node.url, *reason, advice(*reason)));
}

/// Waits, or throws `Cancelled` when asked to stop meanwhile.
void pause(const std::stop_token& stop, std::chrono::milliseconds time) {
  std::mutex mutex;
  std::condition_variable_any woken;
  std::unique_lock lock(mutex);
  woken.wait_for(lock, stop, time, [] { return false; });
  if (stop.stop_requested()) throw Cancelled();
}

/// The node's answer once the statement is in a block.
json wait_for_receipt(const AnchorOptions& options, const Global& global, const std::string& id) {
  constexpr std::chrono::milliseconds kPause{500};
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(options.wait);
  for (;;) {
    json answer = ask_node(options.node, global, "/v1/statements/" + id + "/receipt");
    if (answer.contains("receipt") && answer.contains("signed_header")) return answer;
    if (answer.value("state", "") != "received")
      throw Error(ErrorKind::system,
                  options.node.url +
                      " has the seal in a block, but signs no receipts: ask a validator's node");
    if (std::chrono::steady_clock::now() >= end)
      throw Error(ErrorKind::system,
                  fmt::format("the seal is in no block after {} s; {} has it, and the same command "
                              "again goes on waiting",
                              options.wait, options.node.url));
    pause(global.stop, kPause);
  }
}

/// The key of whoever made the block.
trial::PublicKey validator_of(const AnchorOptions& options, const Global& global, Bytes header) {
  const auto decoded = node::decode_signed_header(header);
  if (!decoded)
    throw Error(ErrorKind::system, options.node.url + " gave a block header that is malformed");
  const auto parsed = node::parse_statement(decoded->statement, node::kMaxStatementBytes);
  const auto* const statement = std::get_if<node::Statement>(&parsed);
  if (statement == nullptr)
    throw Error(ErrorKind::system, options.node.url + " gave a block header that is malformed");
  const json record = ask_node(options.node, global, "/v1/devices/" + to_hex(statement->signer));
  return shown(options.node, [&]() -> trial::PublicKey {
    const bool is_ed25519 = record.at("algorithm") == "ed25519";
    return {is_ed25519 ? node::Algorithm::ed25519 : node::Algorithm::p256,
            bytes_in(record, "public_key")};
  });
}

trial::CheckedAnchor checked(const AnchorOptions& options, const trial::Anchor& anchor) {
  std::variant<trial::CheckedAnchor, std::string> verdict;
  if (options.trust.is_given()) {
    const ChainTrust chain = chain_trust_of(options.trust);
    const trial::LedgerTrust trust{chain.chain, chain.keys()};
    verdict = check_anchor(anchor, anchor.statement, &trust);
  } else {
    verdict = check_anchor(anchor, anchor.statement);
  }
  if (const auto* reason = std::get_if<std::string>(&verdict))
    throw Error(ErrorKind::system,
                fmt::format("the receipt of {} does not hold: {}", options.node.url, *reason));
  return std::get<trial::CheckedAnchor>(verdict);
}

/// The statement to anchor, of a seal whose signatures hold.
std::vector<std::uint8_t> statement_of(const trial::SealFolder& seal) {
  const trial::SignatureCheck check = check_signatures(seal);
  if (!check.faults.empty())
    throw Error(ErrorKind::input, (seal.path() / check.faults.front().file).string() + ": " +
                                      check.faults.front().reason);
  return signatures_in(seal).statement;
}

int run_anchor(const AnchorOptions& options, const Global& global) {
  const trial::SealFolder seal(options.seal);
  trial::Anchor anchor;
  anchor.statement = statement_of(seal);
  submit(options, global, anchor.statement);
  const auto parsed = node::parse_statement(anchor.statement, node::kMaxStatementBytes);
  const std::string id = to_hex(node::statement_id(std::get<node::Statement>(parsed)));
  const json answer = wait_for_receipt(options, global, id);
  anchor.receipt = bytes_in(answer, "receipt");
  anchor.signed_header = bytes_in(answer, "signed_header");
  anchor.validator = validator_of(options, global, anchor.signed_header);
  const trial::CheckedAnchor said = checked(options, anchor);

  const std::vector<std::uint8_t> bytes = encode(anchor);
  trial::write_part(seal.path(), trial::kAnchorFile,
                    {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  if (options.node.json) {
    write_out(json_text(answer));
  } else if (!global.quiet) {
    print("statement  {}\nledger     {}\nblock      {}\nvalidator  {}\n", id, anchor_text(said),
          to_hex_reversed(said.block), to_hex(said.validator));
  }
  return kOk;
}

}  // namespace

void add_trial_anchor_command(CLI::App& trial, Global& global, Action& action) {
  CLI::App& command =
      *add_subcommand(trial, "anchor", "Put a seal on the ledger, and keep the block's receipt");
  const auto options = std::make_shared<AnchorOptions>();
  command.add_option("SEAL", options->seal, "The seal")->required();
  add_node_client_options(command, options->node);
  add_chain_trust_options(command, options->trust, "--validator-key");
  command.add_option("--wait", options->wait, "Seconds to wait for a block")
      ->check(CLI::Range(1U, 86'400U))
      ->capture_default_str();
  command.footer(
      "Only the seal's name, its root and its note go to the ledger, no data. The key that sealed\n"
      "must be registered on the chain before it seals. The receipt is kept as anchor.cbor in the "
      "seal; with "
      "--genesis\n"
      "it is held against the chain that you trust before that.\n"
      "Example:\n"
      "  salus trial anchor study.seal --node http://127.0.0.1:8340 --genesis genesis.toml");
  command.callback([&global, &action, options] {
    action = [&global, options] { return run_anchor(*options, global); };
  });
}

}  // namespace salus::cli
