#include "cli/statement_output.h"

#include <unistd.h>

#include <chrono>
#include <utility>
#include <variant>

#include "cli/arguments.h"
#include "cli/key_passphrase.h"
#include "cli/output.h"
#include "cli/strict_number.h"
#include "engine/error.h"

namespace salus::cli {
namespace {

std::int64_t microseconds_now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

std::string_view as_text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

void add_signer_options(CLI::App& command, ClaimOptions& options) {
  command.add_option("--key", options.key, "The signer's private key in PEM")
      ->type_name("FILE")
      ->required();
  command
      .add_option("--passphrase-file", options.passphrase_file,
                  "The key's passphrase is in the first line of this file (default: asked for)")
      ->type_name("FILE");
}

void add_time_options(CLI::App& command, ClaimOptions& options) {
  command
      .add_option("--seq", options.sequence,
                  "Number that only ever rises for this key (default: microseconds since 1970)")
      ->type_name("NUMBER");
  command
      .add_option("--iat", options.issued_at,
                  "When it is issued, in seconds since 1970 UTC (default: now)")
      ->type_name("SECONDS");
}

node::SigningKey load_signer(const ClaimOptions& options, std::stop_token stop) {
  return node::SigningKey::load(
      options.key, passphrase_source(options.passphrase_file, options.key, std::move(stop)));
}

node::Claims claims_of(const ClaimOptions& options) {
  constexpr std::int64_t kMicroseconds = 1'000'000;
  const std::int64_t now = microseconds_now();
  node::Claims claims{.issuer = options.issuer,
                      .subject = options.subject,
                      .issued_at = now / kMicroseconds,
                      .sequence = static_cast<std::uint64_t>(now)};
  if (!options.issued_at.empty())
    claims.issued_at = strict_number<std::int64_t>(options.issued_at, "--iat");
  if (!options.sequence.empty())
    claims.sequence = strict_number<std::uint64_t>(options.sequence, "--seq");
  return claims;
}

void require_binary_output(const std::string& out) {
  if (out.empty() && isatty(STDOUT_FILENO) != 0)
    throw Error(ErrorKind::usage, "a statement is binary: give --out, or send it elsewhere");
}

void write_statement(const std::vector<std::uint8_t>& statement, const std::string& out) {
  if (out.empty()) {
    write_out(as_text(statement));
    return;
  }
  write_file(out, as_text(statement));
  const auto parsed = node::parse_statement(statement, node::kMaxStatementBytes);
  print("{}\n", to_hex(node::statement_id(std::get<node::Statement>(parsed))));
}

}  // namespace salus::cli
