// Bearer tokens and their roles, as a file beside the configuration.
//
//   # a line each: role, SHA-256 of the token
//   reader 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "node/api/access.h"

namespace salus::node::api {

/// Longest file that is read.
inline constexpr std::size_t kMaxTokenFileBytes = std::size_t{1} << 20;

/// What the text of such a file grants. Throws `Error` (input) that begins with the line: "line 3:
/// ..."; what stands there is not repeated.
std::vector<TokenGrant> parse_token_file(std::string_view text);

/// Throws `Error` (input) that names the file, and as above. Whoever may write the file decides who
/// may read bodies: one that others than its owner may write, or that is neither this user's nor
/// root's, is refused.
std::vector<TokenGrant> read_token_file(const std::filesystem::path& file);

/// How many of each role there are: "2 readers, 0 auditors, 1 operator".
std::string count_by_role(std::span<const TokenGrant> grants);

/// What such a file begins with: how it is to be filled.
std::string_view token_file_head();

/// The line for a token.
std::string token_file_line(ApiRole role, std::string_view token);

/// 64 hex digits from the system's random numbers.
std::string make_token();

}  // namespace salus::node::api
