// Payloads of our own types, made from options: what `salus sign --type register` and so on sign.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"
#include "node/statement/signing_key.h"
#include "node/statement/statement.h"

namespace salus::cli {

/// Values of options; empty where they were not given.
struct OwnPayloadOptions {
  std::string public_key;
  std::string role;
  std::string name;
  std::string key_id;
  std::string reason;
  std::string size;
  std::string root;
  std::string media_type;
  std::string note;
  std::string statement;
};

/// Adds all of them, each saying for which types it is.
void add_own_payload_options(CLI::App& command, OwnPayloadOptions& options);

/// A statement that is made from options: "register", "rotate", "revoke", "seal", "erase".
/// Nothing for any other name.
std::optional<node::ContentType> made_type(std::string_view name);

/// "register, rotate, revoke, seal, erase".
std::string made_types();

/// The payload of a type that `made_type` returned; `signer` is the key that will sign, which a
/// rotation replaces unless it names another one. Throws `Error` naming the option that is missing,
/// wrong, or not for this type.
std::vector<std::uint8_t> make_payload(node::ContentType type, const OwnPayloadOptions& options,
                                       const node::SigningKey& signer);

/// Throws `Error` (usage) naming the first option that was given: a payload that comes from a file
/// has all of it already.
void refuse_own_payload_options(const OwnPayloadOptions& options, const std::string& type);

/// An id of a statement, 64 hex digits as `salus sign` prints it. Throws `Error` (usage) naming
/// `option`.
Digest parse_statement_id(const std::string& text, const std::string& option);

}  // namespace salus::cli
