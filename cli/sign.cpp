// `salus sign`: one statement made from a file.
#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <memory>
#include <optional>

#include "cli/command.h"
#include "cli/input_file.h"
#include "cli/key_passphrase.h"
#include "cli/output.h"
#include "engine/error.h"
#include "node/state/rules.h"
#include "node/statement/sign.h"

namespace salus::cli {
namespace {

using node::ContentType;

struct SignOptions {
  std::string file;
  std::string key;
  std::string passphrase_file;
  std::string type = "senml+cbor";
  std::string issuer;
  std::string subject;
  std::string sequence;
  std::string issued_at;
  std::string out;
};

/// A type by its media type, or by what is left of that without "application/", "vnd.salus." and,
/// for our own types, "+cbor".
std::optional<ContentType> type_named(const std::string& name) {
  for (const std::string& text :
       {name, "application/" + name, "application/vnd.salus." + name + "+cbor"})
    if (const auto type = node::content_type_from_media_type(text)) return type;
  return std::nullopt;
}

std::string known_types() {
  std::string names;
  for (int i = 0; i <= static_cast<int>(ContentType::validator); ++i)
    names +=
        (names.empty() ? "" : ", ") + std::string(node::media_type(static_cast<ContentType>(i)));
  return names;
}

std::int64_t microseconds_now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

/// Strict, because CLI11 takes -1 for the largest number: a key that signs with that never signs
/// again.
template <typename Number>
Number number_of(const std::string& text, const char* option) {
  Number value{};
  const char* const end = text.data() + text.size();
  const std::from_chars_result result = std::from_chars(text.data(), end, value);
  if (result.ec != std::errc() || result.ptr != end)
    throw Error(ErrorKind::usage,
                fmt::format("{}: '{}' is no number that fits", option, printable(text)));
  return value;
}

node::Claims claims_of(const SignOptions& options) {
  constexpr std::int64_t kMicroseconds = 1'000'000;
  const std::int64_t now = microseconds_now();
  node::Claims claims{.issuer = options.issuer,
                      .subject = options.subject,
                      .issued_at = now / kMicroseconds,
                      .sequence = static_cast<std::uint64_t>(now)};
  if (!options.issued_at.empty())
    claims.issued_at = number_of<std::int64_t>(options.issued_at, "--iat");
  if (!options.sequence.empty())
    claims.sequence = number_of<std::uint64_t>(options.sequence, "--seq");
  return claims;
}

std::vector<std::uint8_t> read_payload(const SignOptions& options, ContentType type) {
  std::vector<std::uint8_t> payload = read_all(options.file, node::kMaxStatementBytes);
  node::Statement statement;
  statement.type = type;
  statement.payload = payload;
  if (node::check_payload(statement))
    throw Error(ErrorKind::input,
                fmt::format("{}: not what {} is (docs/formats.md): no node would take it",
                            input_name(options.file), node::media_type(type)));
  return payload;
}

std::string_view as_text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

int run_sign(const SignOptions& options, const Global& global) {
  const auto type = type_named(options.type);
  if (!type)
    throw Error(ErrorKind::usage,
                fmt::format("--type: '{}' is none of {}", printable(options.type), known_types()));
  if (options.out.empty() && isatty(STDOUT_FILENO) != 0)
    throw Error(ErrorKind::usage, "a statement is binary: give --out, or send it elsewhere");
  const node::SigningKey key = node::SigningKey::load(
      options.key, passphrase_source(options.passphrase_file, options.key, global.stop));
  const std::vector<std::uint8_t> payload = read_payload(options, *type);
  const std::vector<std::uint8_t> statement =
      node::sign_statement(key, claims_of(options), *type, payload);
  if (options.out.empty()) {
    write_out(as_text(statement));
    return kOk;
  }
  write_file(options.out, as_text(statement));
  const auto parsed = node::parse_statement(statement, node::kMaxStatementBytes);
  print("{}\n", to_hex(node::statement_id(std::get<node::Statement>(parsed))));
  return kOk;
}

void add_claim_options(CLI::App& command, SignOptions& options) {
  command.add_option("--type", options.type, "What FILE holds: a media type, or its short name")
      ->capture_default_str();
  command.add_option("--sub", options.subject, "What it is about: a pseudonym, never a name");
  command.add_option("--iss", options.issuer, "Who runs the signer");
  command
      .add_option("--seq", options.sequence,
                  "Number that only ever rises for this key (default: microseconds since 1970)")
      ->type_name("NUMBER");
  command
      .add_option("--iat", options.issued_at,
                  "When it is issued, in seconds since 1970 UTC (default: now)")
      ->type_name("SECONDS");
}

}  // namespace

void add_sign_command(CLI::App& app, Global& global, Action& action) {
  const auto options = std::make_shared<SignOptions>();
  CLI::App& command = *app.add_subcommand("sign", "Make a signed statement of a file");
  command.add_option("FILE", options->file, "The payload; - is standard input")->required();
  command.add_option("--key", options->key, "The signer's private key in PEM")
      ->type_name("FILE")
      ->required();
  command
      .add_option("--passphrase-file", options->passphrase_file,
                  "The key's passphrase is in the first line of this file (default: asked for)")
      ->type_name("FILE");
  add_claim_options(command, *options);
  command
      .add_option("-o,--out", options->out,
                  "File for the statement, whose id is then printed (default: the statement goes "
                  "to standard output)")
      ->type_name("FILE");
  command.footer(
      "Types: " + known_types() +
      ".\nShort names leave out application/, vnd.salus. and, of the latter, +cbor. A payload "
      "that\n"
      "is not what its type says is refused; JSON is not looked into. Formats: docs/formats.md.\n"
      "\n"
      "Examples:\n"
      "  salus sign vitals.cbor --key monitor.pem --sub patient-7 --out vitals.cose\n"
      "  salus sign observation.json --key gateway.pem --type fhir+json > observation.cose");
  command.callback([&global, &action, options] {
    action = [&global, options] { return run_sign(*options, global); };
  });
}

}  // namespace salus::cli
