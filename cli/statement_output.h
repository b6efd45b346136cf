// What commands that make a statement share: its claims, its signer, and where it goes.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "cli/command.h"
#include "node/statement/sign.h"

namespace salus::cli {

/// Values of options; numbers are empty where they were not given.
struct ClaimOptions {
  std::string key;
  std::string passphrase_file;
  std::string issuer;
  std::string subject;
  std::string sequence;
  std::string issued_at;
};

/// Adds --key and --passphrase-file.
void add_signer_options(CLI::App& command, ClaimOptions& options);
/// Adds --seq and --iat.
void add_time_options(CLI::App& command, ClaimOptions& options);

/// The private key, for whose passphrase is asked where it needs one.
node::SigningKey load_signer(const ClaimOptions& options, std::stop_token stop);

/// What was given, and otherwise now, in microseconds for the sequence. Views of `options`.
node::Claims claims_of(const ClaimOptions& options);

/// Throws `Error` (usage) where a statement would be printed on a terminal.
void require_binary_output(const std::string& out);

/// Writes a statement to the file `out`, and its id to standard output; or, where that is empty,
/// the statement to standard output.
void write_statement(const std::vector<std::uint8_t>& statement, const std::string& out);

}  // namespace salus::cli
