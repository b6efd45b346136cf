#include "node/api/token_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "engine/error.h"
#include "engine/files/opened_file.h"
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

[[noreturn]] void refuse(std::string_view why) { throw Error(ErrorKind::input, std::string(why)); }

[[noreturn]] void refuse(int error) { refuse(std::generic_category().message(error)); }

/// Looks at the file that was opened, which nobody can put another in the place of.
void check_status(const files::Descriptor& file) {
  struct stat status {};
  if (fstat(file.number(), &status) != 0) refuse(errno);
  if (!S_ISREG(status.st_mode)) refuse("is no regular file");
  if (status.st_uid != geteuid() && status.st_uid != 0)
    refuse("belongs neither to the user that the node runs as nor to root");
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    refuse("others than its owner may write it; see chmod go-w");
}

std::string read_whole(const std::filesystem::path& path) {
  // A FIFO is no reason to wait.
  const files::Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.is_open()) refuse(errno);
  check_status(file);
  std::string text(kMaxTokenFileBytes + 1, '\0');  // one byte more shows that it is too long
  const std::span room(reinterpret_cast<std::uint8_t*>(text.data()), text.size());
  const files::ReadResult result = files::read_full(file.number(), room);
  if (result.error != 0) refuse(result.error);
  if (result.count > kMaxTokenFileBytes)
    refuse(fmt::format("is longer than {} bytes", kMaxTokenFileBytes));
  text.resize(result.count);
  return text;
}

}  // namespace

std::vector<TokenGrant> parse_token_file(std::string_view text) {
  std::vector<TokenGrant> grants;
  for (int number = 1; !text.empty(); ++number) {
    const std::string_view line = trimmed(take_until(text, '\n'));
    if (line.empty() || line.front() == '#') continue;
    const auto grant = grant_of(line);
    if (!grant)
      refuse(
          fmt::format("line {}: not a role (reader, auditor or operator) and the SHA-256 of a "
                      "token in hex",
                      number));
    if (grants.size() == kMostTokens) refuse(fmt::format("line {}: too many tokens", number));
    grants.push_back(*grant);
  }
  return grants;
}

std::vector<TokenGrant> read_token_file(const std::filesystem::path& file) {
  try {
    return parse_token_file(read_whole(file));
  } catch (const Error& error) {
    throw Error(error.kind(),
                fmt::format("the file of bearer tokens {}: {}", file.string(), error.what()));
  }
}

std::string count_by_role(std::span<const TokenGrant> grants) {
  std::string text;
  for (const ApiRole role : {ApiRole::reader, ApiRole::auditor, ApiRole::operator_}) {
    const auto count = std::ranges::count(grants, role, &TokenGrant::role);
    text += fmt::format("{}{} {}{}", text.empty() ? "" : ", ", count, to_string(role),
                        count == 1 ? "" : "s");
  }
  return text;
}

std::string_view token_file_head() {
  return "# Who may read bodies over HTTP: a line for each bearer token, its role (reader, auditor "
         "or\n"
         "# operator) and its SHA-256 in hex, a blank between. Tokens must be random:\n"
         "#   openssl rand -hex 32 | tr -d '\\n' > token; sha256sum < token\n"
         "# The node reads this file when it starts, and again at SIGHUP: a token is revoked by\n"
         "# deleting its line. Nobody but its owner may be able to write it.\n";
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
