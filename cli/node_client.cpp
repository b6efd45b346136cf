#include "cli/node_client.h"

#include <fmt/format.h>

#include "cli/arguments.h"
#include "cli/client/http_client.h"
#include "cli/encoded_text.h"
#include "cli/output.h"
#include "engine/bytes.h"
#include "engine/error.h"
#include "node/statement/secret.h"

namespace salus::cli {
namespace {

constexpr std::size_t kMaxTokenFile = 1024;
constexpr std::size_t kMaxDetail = 200;

std::string token_of(const std::string& file) {
  if (file.empty()) return {};
  const node::Secret content = node::read_secret_file(file, kMaxTokenFile);
  return std::string(trimmed(content.text()));
}

client::HttpClientOptions client_options(const NodeClientOptions& options, const Global& global) {
  client::HttpClientOptions all;
  all.endpoint = client::parse_endpoint(options.url);
  all.tls = {options.authorities, options.certificate, options.key};
  all.bearer_token = token_of(options.token_file);
  all.stop = global.stop;
  return all;
}

/// What the node says about a problem, for people; empty where it says nothing.
std::string detail_of(const client::HttpAnswer& answer) {
  const auto problem = nlohmann::json::parse(answer.body, nullptr, false);
  if (!problem.is_object()) return {};
  const auto detail = problem.find("detail");
  if (detail == problem.end() || !detail->is_string()) return {};
  return printable(detail->get_ref<const std::string&>().substr(0, kMaxDetail));
}

[[noreturn]] void refuse(const NodeClientOptions& options, const client::HttpAnswer& answer) {
  const std::string detail = detail_of(answer);
  switch (answer.status) {
    case 401:
      throw Error(ErrorKind::usage,
                  options.token_file.empty()
                      ? "the node shows this to who has a token: --token-file FILE (a node made "
                        "with --dev has one in operator.token)"
                      : printable(options.token_file) + ": the node does not know this token");
    case 403: throw Error(ErrorKind::usage, "the node does not permit this: " + detail);
    case 404: throw Error(ErrorKind::input, "the node says: " + detail);
    case 400: throw Error(ErrorKind::usage, "the node says: " + detail);
    case 503: throw Error(ErrorKind::system, "the node cannot answer now: " + detail);
    default:
      throw Error(ErrorKind::system,
                  fmt::format("{} answered with status {}{}{}", options.url, answer.status,
                              detail.empty() ? "" : ": ", detail));
  }
}

/// What `ask` gets from the node.
template <typename Ask>
client::HttpAnswer answer_of(const NodeClientOptions& options, const Global& global,
                             const Ask& ask) {
  client::HttpClient client(client_options(options, global));
  try {
    return ask(client);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::system) throw;
    throw Error(ErrorKind::system,
                fmt::format("{}; is the node running (`salus node run`), and is this its address "
                            "(--node)?",
                            error.what()));
  }
}

nlohmann::json document_in(const NodeClientOptions& options, const client::HttpAnswer& answer) {
  auto document = nlohmann::json::parse(answer.body, nullptr, false);
  if (!document.is_object())
    throw Error(ErrorKind::system, options.url + " does not answer as a node does");
  return document;
}

}  // namespace

void add_node_address_options(CLI::App& command, NodeClientOptions& options) {
  command.add_option("--node", options.url, "Address of the node's HTTP interface")
      ->type_name("URL")
      ->capture_default_str();
  command
      .add_option("--ca", options.authorities,
                  "Who signed the node's certificate (PEM; default: the system's authorities)")
      ->type_name("FILE");
  CLI::Option* const certificate =
      command.add_option("--cert", options.certificate, "Certificate to show (PEM)")
          ->type_name("FILE");
  CLI::Option* const key =
      command.add_option("--cert-key", options.key, "Its key (PEM)")->type_name("FILE");
  certificate->needs(key);
  key->needs(certificate);
}

void add_node_client_options(CLI::App& command, NodeClientOptions& options) {
  add_node_address_options(command, options);
  command
      .add_option("--token-file", options.token_file,
                  "File with a bearer token, for what shows bodies")
      ->type_name("FILE");
  command.add_flag("--json", options.json, "Print the node's answer as JSON");
}

nlohmann::json ask_node(const NodeClientOptions& options, const Global& global,
                        const std::string& target) {
  const client::HttpAnswer answer = answer_of(
      options, global, [&target](client::HttpClient& client) { return client.get(target); });
  if (!answer.is_success()) refuse(options, answer);
  return document_in(options, answer);
}

nlohmann::json send_to_node(const NodeClientOptions& options, const Global& global,
                            const std::string& target, Bytes body,
                            const std::string& content_type) {
  constexpr unsigned kAllRefused = 422;
  constexpr unsigned kOverloaded = 429;
  const client::HttpAnswer answer = answer_of(options, global, [&](client::HttpClient& client) {
    return client.post(target, body, content_type);
  });
  if (!answer.is_success() && answer.status != kAllRefused && answer.status != kOverloaded)
    refuse(options, answer);
  return document_in(options, answer);
}

std::optional<std::string> refusal_by_node(const NodeClientOptions& options, const Global& global,
                                           Bytes statement) {
  const nlohmann::json answer =
      send_to_node(options, global, "/v1/statements", statement, "application/cose");
  return shown(options, [&answer]() -> std::optional<std::string> {
    // A node that takes nothing now answers with a problem instead of outcomes.
    const nlohmann::json outcome =
        answer.contains("statements") ? answer.at("statements").at(0) : answer;
    if (outcome.value("accepted", false)) return std::nullopt;
    const auto reason = outcome.at("reason").get<std::string>();
    if (reason == "duplicate") return std::nullopt;
    return printable(reason);
  });
}

std::vector<std::uint8_t> bytes_in(const nlohmann::json& answer, const char* field) {
  const auto found = answer.find(field);
  const auto bytes = found != answer.end() && found->is_string()
                         ? from_hex(found->get_ref<const std::string&>())
                         : std::nullopt;
  if (!bytes)
    throw Error(ErrorKind::system, fmt::format("the node's answer has no {} in hex", field));
  return *bytes;
}

std::string place_text(const nlohmann::json& answer) {
  const auto position = answer.find("position");
  if (position == answer.end()) return "received, in no block yet";
  return fmt::format("{}in block {}, number {}, {} blocks above it",
                     answer.at("state") == "final" ? "final, " : "",
                     position->at("height").get<std::uint64_t>(),
                     position->at("index").get<std::uint64_t>(),
                     position->at("blocks_above").get<std::uint64_t>());
}

}  // namespace salus::cli
