// Bearer tokens and their roles, as a file beside the configuration.
//
//   # a line each: role, SHA-256 of the token
//   reader 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "node/api/access.h"

namespace salus::node::api {

/// Throws `Error` (input) that names file and line; what stands there is not repeated.
std::vector<TokenGrant> read_token_file(const std::filesystem::path& file);

/// What such a file begins with: how it is to be filled.
std::string_view token_file_head();

/// The line for a token.
std::string token_file_line(ApiRole role, std::string_view token);

/// 64 hex digits from the system's random numbers.
std::string make_token();

}  // namespace salus::node::api
