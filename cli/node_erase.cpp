// `salus node erase`: an authority has the body of a statement deleted.
#include <fmt/format.h>

#include <memory>

#include "cli/arguments.h"
#include "cli/node_client.h"
#include "cli/node_commands.h"
#include "cli/output.h"
#include "cli/own_payload.h"
#include "cli/statement_output.h"
#include "engine/error.h"
#include "node/ingest/submit_one.h"
#include "node/node.h"
#include "node/statement/erasure.h"

namespace salus::cli {
namespace {

struct Options {
  std::string statement;
  std::string folder;
  std::string out;
  NodeClientOptions client;
  ClaimOptions claims;
};

/// Has a node that is not running take the statement in, as it would from anyone.
void submit_offline(const std::string& folder, Bytes message, const Digest& erased) {
  node::NodeConfig config = node::load_config(folder);
  node::Node node(folder, config);
  if (!node.store().find_statement(erased))
    throw Error(ErrorKind::input, to_hex(erased) + " is not on the chain of " + folder);
  const node::Outcome outcome = submit_one(node.sink(), message);
  if (outcome.refusal)
    throw Error(ErrorKind::input, fmt::format("{}: the statement is refused: {}", printable(folder),
                                              to_string(*outcome.refusal)));
  print("{}\n", to_hex(outcome.id));
}

/// The same with a running one.
void submit_online(const NodeClientOptions& client, const Global& global, Bytes message) {
  if (const auto reason = refusal_by_node(client, global, message))
    throw Error(ErrorKind::input,
                fmt::format("{}: the statement is refused: {}", client.url, *reason));
  const auto statement = node::parse_statement(message);
  print("{}\n", to_hex(node::statement_id(std::get<node::Statement>(statement))));
}

int run_erase(const Options& options, const Global& global) {
  const int ways =
      int{!options.folder.empty()} + int{!options.client.url.empty()} + int{!options.out.empty()};
  if (ways != 1) throw Error(ErrorKind::usage, "say one of --node URL, --dir DIR and --out FILE");
  const Digest erased = parse_statement_id(options.statement, "ID");
  const node::SigningKey key = load_signer(options.claims, global.stop);
  const std::vector<std::uint8_t> statement = node::sign_statement(
      key, claims_of(options.claims), node::ContentType::erasure, encode(node::Erasure{erased}));
  if (!options.folder.empty())
    submit_offline(options.folder, statement, erased);
  else if (!options.out.empty())
    write_statement(statement, options.out);
  else
    submit_online(options.client, global, statement);
  return kOk;
}

}  // namespace

void add_node_erase_command(CLI::App& node, Global& global, Action& action) {
  CLI::App* const command =
      add_subcommand(node, "erase", "Make the statement that has another one's body deleted");
  const auto options = std::make_shared<Options>();
  options->client.url.clear();  // no node unless one is named
  command->add_option("ID", options->statement, "The statement whose body is to go")->required();
  add_signer_options(*command, options->claims);
  command
      ->add_option("--dir", options->folder,
                   "Put it into the intake of a node that is not running: its next block has it")
      ->type_name("DIR");
  command->add_option("-o,--out", options->out, "Write it to a file, to be sent to a node")
      ->type_name("FILE");
  add_node_address_options(*command, options->client);
  add_time_options(*command, options->claims);
  command->footer(
      "The key is an authority's. Prints the new statement's id. Once a block has it, every node "
      "of "
      "the chain\ndeletes the body; all proofs stay good. Bodies of statements that change keys "
      "are "
      "not deleted.");
  command->callback([&global, &action, options] {
    action = [&global, options] { return run_erase(*options, global); };
  });
}

}  // namespace salus::cli
