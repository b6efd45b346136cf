// `salus trial verify` where a manifest of another tool takes the place of a seal.
#pragma once

#include <string>

#include "cli/command.h"

namespace salus::cli {

/// Verifies, and prints what was found; the exit code.
int verify_against_manifest(const std::string& folder, const std::string& manifest,
                            const Global& global);

}  // namespace salus::cli
