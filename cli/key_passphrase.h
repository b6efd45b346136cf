// Passphrases: from a file, or from a person at the terminal who does not see them.
#pragma once

#include <stop_token>
#include <string>

#include "node/statement/signing_key.h"

namespace salus::cli {

/// The first line of a file, without its end. Throws `Error` naming the file, also when that line
/// is empty.
node::Secret passphrase_in_file(const std::string& path);

/// Whether there is somebody to ask: standard input is a terminal.
bool can_ask_passphrase();

/// Shows `prompt` on the terminal and reads a line that is not shown. Throws `Error` (usage) when
/// there is no terminal, `Cancelled` when `stop` asks for it meanwhile.
node::Secret ask_passphrase(const std::string& prompt, const std::stop_token& stop);

/// A new passphrase, asked for twice; empty for none. Throws as above, and `Error` (usage) when the
/// two differ.
node::Secret ask_new_passphrase(const std::stop_token& stop);

/// How the passphrase of a key file is found: in the file of --passphrase-file, else by asking.
node::AskPassphrase passphrase_source(const std::string& passphrase_file,
                                      const std::string& key_file, std::stop_token stop);

}  // namespace salus::cli
