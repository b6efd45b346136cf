// Keys in files, as `salus key`, `sign` and `statement` take them.
#pragma once

#include <string>
#include <vector>

#include "node/statement/signing_key.h"

namespace salus::cli {

/// The public key in a file, which may hold a private one: then its public part. "-" is standard
/// input. Throws `Error` naming the file.
engine::signature::PublicKey public_key_of_file(const std::string& path,
                                                const node::AskPassphrase& ask);

/// All public keys in a file: one in any form of `parse_public_key`, or several PEM blocks one
/// after the other. Throws `Error` naming the file, also when there is a private key among them.
std::vector<engine::signature::PublicKey> public_keys_in_file(const std::string& path);

}  // namespace salus::cli
