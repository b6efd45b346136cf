// What the commands have in common that ask a running node.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.h"
#include "engine/bytes.h"
#include "engine/error.h"

namespace salus::cli {

/// Where the node is, and who asks.
struct NodeClientOptions {
  std::string url = "http://127.0.0.1:8340";
  std::string token_file;
  std::string authorities;  ///< PEM
  std::string certificate;  ///< PEM; with `key`.
  std::string key;
  bool json = false;
};

/// Adds --node, --ca, --cert and --cert-key. What `url` holds before is the default.
void add_node_address_options(CLI::App& command, NodeClientOptions& options);

/// Adds these, --token-file and --json.
void add_node_client_options(CLI::App& command, NodeClientOptions& options);

/// GETs a path of a node's HTTP interface (docs/api.md). Throws `Error` that says what to do about
/// it: (system) where the node cannot be reached or cannot answer now, (input) where it knows
/// nothing of what was asked for, (usage) where it does not let us.
nlohmann::json ask_node(const NodeClientOptions& options, const Global& global,
                        const std::string& target);

/// POSTs bytes to such a path and gives the answer, also one that says no (status 422 or 429).
/// Throws `Error` as above for all others.
nlohmann::json send_to_node(const NodeClientOptions& options, const Global& global,
                            const std::string& target, Bytes body, const std::string& content_type);

/// POSTs one statement. Why the node refuses it; nothing where it has it, now or from before.
/// Throws `Error` as above.
std::optional<std::string> refusal_by_node(const NodeClientOptions& options, const Global& global,
                                           Bytes statement);

/// What a field of an answer holds as hex. Throws `Error` (system): the node does not speak as it
/// should.
std::vector<std::uint8_t> bytes_in(const nlohmann::json& answer, const char* field);

/// "in block 17, number 3, 4 blocks above it", "received, in no block yet".
std::string place_text(const nlohmann::json& answer);

/// What `write` makes of an answer. Throws `Error` (system) where that has not what it should.
template <typename Write>
auto shown(const NodeClientOptions& options, Write write) {
  try {
    return write();
  } catch (const nlohmann::json::exception&) {
    throw Error(ErrorKind::system, options.url + " does not answer as a node of this version does");
  }
}

}  // namespace salus::cli
