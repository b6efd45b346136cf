// `salus verify FILE...`: files with one key, and a signature for each.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/item_stream.h"

namespace salus::cli {

struct SignedFiles {
  std::vector<std::string> files;  ///< "-" is standard input.
  std::string key;
  /// None: the signature of FILE is in FILE.sig. One: it is for every file. Else one for each.
  std::vector<std::string> signatures;
  std::optional<engine::signature::Algorithm> algorithm;  ///< Must be the key's.
};

/// Puts each file on the stream, in order. Throws `Error` for a wrong key, algorithm or number of
/// signatures; a file or signature that cannot be read is reported, and the others are verified.
void verify_files(const SignedFiles& what, ItemStream& stream, const Global& global);

}  // namespace salus::cli
