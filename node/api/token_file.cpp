#include "node/api/token_file.h"

#include <openssl/rand.h>

#include <array>
#include <fstream>

#include "engine/error.h"
#include "engine/openssl_sha256.h"
#include "node/api/text.h"

namespace salus::node::api {
namespace {

constexpr std::size_t kTokenBytes = 32;
/// More than any list that people keep; the file is compared with every request's token.
constexpr std::size_t kMostTokens = 4096;

std::optional<TokenGrant> grant_of(std::string_view line) {
  const auto role = api_role_from_name(take_until(line, ' '));
  const auto hash = digest_from_hex(trimmed(line));
  if (!role || !hash) return std::nullopt;
  return TokenGrant{*hash, *role};
}

}  // namespace

std::vector<TokenGrant> read_token_file(const std::filesystem::path& file) {
  std::ifstream stream(file);
  if (!stream)
    throw Error(ErrorKind::input, "cannot read the file of bearer tokens " + file.string());
  std::vector<TokenGrant> grants;
  std::string line;
  for (int number = 1; std::getline(stream, line); ++number) {
    const std::string_view text = trimmed(line);
    if (text.empty() || text.front() == '#') continue;
    const auto grant = grant_of(text);
    if (!grant || grants.size() == kMostTokens)
      throw Error(ErrorKind::input,
                  file.string() + ", line " + std::to_string(number) +
                      (grant ? ": too many tokens"
                             : ": not a role (reader, auditor or operator) and the SHA-256 of a "
                               "token in hex"));
    grants.push_back(*grant);
  }
  return grants;
}

std::string_view token_file_head() {
  return "# Who may read bodies over HTTP: a line for each bearer token, its role (reader, auditor "
         "or\n"
         "# operator) and its SHA-256 in hex, a blank between. Tokens must be random:\n"
         "#   openssl rand -hex 32 | tr -d '\\n' > token; sha256sum < token\n"
         "# The file is read when the node starts.\n";
}

std::string token_file_line(ApiRole role, std::string_view token) {
  return std::string(to_string(role)) + ' ' + to_hex(openssl_sha256(as_bytes(token))) + '\n';
}

std::string make_token() {
  std::array<std::uint8_t, kTokenBytes> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
    throw Error(ErrorKind::system, "the system gives no random numbers");
  return to_hex(bytes);
}

}  // namespace salus::node::api
