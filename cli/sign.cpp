// `salus sign`: one statement made from a file, or from options.
#include <fmt/format.h>

#include <memory>
#include <optional>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/content_types.h"
#include "cli/input_file.h"
#include "cli/output.h"
#include "cli/own_payload.h"
#include "cli/statement_output.h"
#include "engine/error.h"
#include "node/state/rules.h"

namespace salus::cli {
namespace {

using node::ContentType;

struct SignOptions {
  std::string file;
  std::string type = "senml+cbor";
  ClaimOptions claims;
  OwnPayloadOptions made;
  std::string out;
};

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

/// What is signed, and what it is said to be.
struct Payload {
  ContentType type;
  std::vector<std::uint8_t> bytes;
};

Payload made_payload(const SignOptions& options, ContentType type, const node::SigningKey& key) {
  if (!options.file.empty())
    throw Error(ErrorKind::usage,
                fmt::format("--type {} is made from options and takes no FILE; a payload that is "
                            "made already has --type {}",
                            options.type, short_name(type)));
  return {type, make_payload(type, options.made, key)};
}

Payload file_payload(const SignOptions& options) {
  const auto type = type_named(options.type);
  if (!type)
    throw Error(ErrorKind::usage,
                fmt::format("--type: '{}' is none of {}, {}", printable(options.type),
                            known_types(), made_types()));
  refuse_own_payload_options(options.made, options.type);
  if (options.file.empty())
    throw Error(ErrorKind::usage,
                fmt::format("--type {} needs a FILE with the payload", printable(options.type)));
  return {*type, read_payload(options, *type)};
}

int run_sign(const SignOptions& options, const Global& global) {
  const auto made = made_type(options.type);
  require_binary_output(options.out);
  const node::SigningKey key = load_signer(options.claims, global.stop);
  const Payload payload = made ? made_payload(options, *made, key) : file_payload(options);
  write_statement(node::sign_statement(key, claims_of(options.claims), payload.type, payload.bytes),
                  options.out);
  return kOk;
}

}  // namespace

void add_sign_command(CLI::App& app, Global& global, Action& action) {
  const auto options = std::make_shared<SignOptions>();
  CLI::App& command =
      *add_subcommand(app, "sign", "Make a signed statement of a file, or from options");
  command.add_option("FILE", options->file, "The payload; - is standard input");
  add_signer_options(command, options->claims);
  command
      .add_option("--type", options->type,
                  "What FILE holds (a media type, or its short name), or what is made from options")
      ->capture_default_str();
  command.add_option("--sub", options->claims.subject,
                     "What it is about: a pseudonym, never a name");
  command.add_option("--iss", options->claims.issuer, "Who runs the signer");
  add_time_options(command, options->claims);
  command
      .add_option("-o,--out", options->out,
                  "File for the statement, whose id is then printed (default: the statement goes "
                  "to standard output)")
      ->type_name("FILE");
  add_own_payload_options(command, options->made);
  command.footer(
      "Types of a FILE: " + known_types() +
      ",\nor the media type in full. A payload that is not what its type says is refused; JSON is "
      "not\nlooked into. Types without a FILE: " +
      made_types() +
      ".\nFormats: docs/formats.md.\n"
      "\n"
      "Examples:\n"
      "  salus sign vitals.cbor --key monitor.pem --sub patient-7 --out vitals.cose\n"
      "  salus sign observation.json --key gateway.pem --type fhir+json > observation.cose\n"
      "  salus sign --type register --public-key monitor.pub --name bed-12 --key authority.pem -o "
      "new.cose");
  command.callback([&global, &action, options] {
    action = [&global, options] { return run_sign(*options, global); };
  });
}

}  // namespace salus::cli
