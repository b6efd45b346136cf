// Certificates for tests, made by OpenSSL's command line.
#pragma once

#include <string>
#include <vector>

#include "tests/support/temporary_folder.h"

namespace salus::test {

/// The command that makes NAME.pem and its key NAME.key in a folder: P-256, for two days, signed by
/// itself unless `more` arguments say otherwise.
std::vector<std::string> certificate_command(const TemporaryFolder& folder, const std::string& name,
                                             const std::string& subject,
                                             const std::vector<std::string>& more);

}  // namespace salus::test
