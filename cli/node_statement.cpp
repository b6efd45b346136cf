// `salus node statement` and `salus node receipt`: what a running node has of a statement.
#include <fmt/format.h>

#include <memory>

#include "cli/arguments.h"
#include "cli/node_client.h"
#include "cli/node_commands.h"
#include "cli/output.h"
#include "cli/statement_text.h"
#include "engine/bytes.h"
#include "engine/error.h"

namespace salus::cli {
namespace {

using nlohmann::json;

struct StatementOptions {
  NodeClientOptions client;
  std::string id;
  std::string out;
};

struct ReceiptOptions {
  NodeClientOptions client;
  std::string id;
  std::string out;
  std::string header;
  std::string format = "cose";
};

void expect_statement_id(const std::string& id) {
  if (!digest_from_hex(id)) throw Error(ErrorKind::usage, "a statement is named by 64 hex digits");
}

std::string_view as_text(const std::vector<std::uint8_t>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string statement_text(const json& answer) {
  const std::string place = "place      " + place_text(answer) + '\n';
  if (answer.at("body") != "present")
    return place + "body       " + printable(answer.at("body").get<std::string>()) + '\n';
  return place + show_message(bytes_in(answer, "message"), {}).text;
}

int run_statement(const StatementOptions& options, const Global& global) {
  expect_statement_id(options.id);
  const json answer = ask_node(options.client, global, "/v1/statements/" + options.id);
  if (!options.out.empty()) {
    if (answer.value("body", std::string()) != "present")
      throw Error(ErrorKind::input, "the node has this statement's body no more");
    write_file(options.out, as_text(bytes_in(answer, "message")));
    return kOk;
  }
  write_out(options.client.json ? json_text(answer)
                                : shown(options.client, [&] { return statement_text(answer); }));
  return kOk;
}

[[noreturn]] void refuse_without_receipt(const json& answer) {
  throw Error(ErrorKind::input,
              answer.value("state", std::string()) == "received"
                  ? "the statement is in no block yet: ask again once it is"
                  : "this node gives no receipts: it has no validator's key, or what the proof "
                    "needs was pruned");
}

/// As a file has it.
std::string receipt_content(const json& answer, const ReceiptOptions& options) {
  if (!answer.contains("receipt")) refuse_without_receipt(answer);
  if (options.format == "cose") return std::string(as_text(bytes_in(answer, "receipt")));
  const auto proof = answer.find("tlog_proof");
  if (proof == answer.end() || !proof->is_string())
    throw Error(ErrorKind::input, "a tlog proof needs a validator whose key is Ed25519");
  return proof->get<std::string>();
}

int run_receipt(const ReceiptOptions& options, const Global& global) {
  expect_statement_id(options.id);
  const json answer = ask_node(options.client, global, "/v1/statements/" + options.id + "/receipt");
  if (!options.out.empty()) write_file(options.out, receipt_content(answer, options));
  if (!options.header.empty()) {
    if (!answer.contains("signed_header")) refuse_without_receipt(answer);
    write_file(options.header, as_text(bytes_in(answer, "signed_header")));
  }
  if (options.client.json)
    write_out(json_text(answer));
  else if (options.out.empty() && options.header.empty() && options.format == "tlog")
    write_out(receipt_content(answer, options));
  else
    write_out(shown(options.client, [&] { return place_text(answer) + '\n'; }));
  return kOk;
}

}  // namespace

void add_node_statement_command(CLI::App& node, Global& global, Action& action) {
  CLI::App* const command =
      add_subcommand(node, "statement", "Show a statement that a running node has");
  const auto options = std::make_shared<StatementOptions>();
  command->add_option("ID", options->id, "The statement's id")->required();
  command->add_option("-o,--out", options->out, "Write the message itself to this file instead")
      ->type_name("FILE");
  add_node_client_options(*command, options->client);
  command->footer(
      "Bodies are shown to who has a token:\n"
      "  salus node statement ID --token-file my-node/operator.token");
  command->callback([&global, &action, options] {
    action = [&global, options] { return run_statement(*options, global); };
  });
}

void add_node_receipt_command(CLI::App& node, Global& global, Action& action) {
  CLI::App* const command =
      add_subcommand(node, "receipt", "Fetch the proof that a statement is in a block");
  const auto options = std::make_shared<ReceiptOptions>();
  command->add_option("ID", options->id, "The statement's id")->required();
  command->add_option("-o,--out", options->out, "Write the receipt to this file")
      ->type_name("FILE");
  command->add_option("--header", options->header, "Write the block's signed header to this file")
      ->type_name("FILE");
  command
      ->add_option("--format", options->format,
                   "cose: COSE Receipt (RFC 9942); tlog: C2SP tlog-proof, as text")
      ->check(one_of({"cose", "tlog"}))
      ->capture_default_str();
  add_node_client_options(*command, options->client);
  command->footer(
      "Example, a receipt that is checked without the node:\n"
      "  salus node receipt ID -o vitals.receipt --header vitals.header\n"
      "  salus receipt check vitals.receipt --statement vitals.cose --header vitals.header \\\n"
      "      --genesis genesis.toml");
  command->callback([&global, &action, options] {
    action = [&global, options] { return run_receipt(*options, global); };
  });
}

}  // namespace salus::cli
