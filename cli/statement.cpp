// `salus statement`: what statements say.
#include <fmt/format.h>

#include <memory>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/input_file.h"
#include "cli/key_files.h"
#include "cli/output.h"
#include "cli/statement_text.h"
#include "engine/cbor_cursor.h"
#include "engine/error.h"

namespace salus::cli {
namespace {

using engine::signature::PublicKey;

struct ShowOptions {
  std::vector<std::string> files;
  std::vector<std::string> keys;
};

/// Longest file: some thousand statements of the default length.
constexpr std::size_t kMaxFile = std::size_t{64} << 20;

std::vector<PublicKey> read_keys(const std::vector<std::string>& files) {
  std::vector<PublicKey> keys;
  for (const std::string& file : files)
    for (PublicKey& key : public_keys_in_file(file)) keys.push_back(std::move(key));
  return keys;
}

/// The next message of a CBOR sequence (RFC 8742).
Bytes next_message(CborCursor& cursor) {
  const Bytes message = cursor.item();
  if (cursor.failed())
    throw Error(ErrorKind::input,
                "not a COSE_Sign1 message (CBOR of definite lengths, nested at most 8 deep)");
  return message;
}

/// Shows all messages in one file; whether every signature that had to be checked is valid.
bool show_file(const std::string& file, std::span<const PublicKey> keys, bool& is_first) {
  const std::vector<std::uint8_t> content = read_all(file, kMaxFile);
  CborCursor cursor(content, CborForm::any);
  bool all_good = true;
  std::size_t number = 0;
  do {
    try {
      const ShownMessage shown = show_message(next_message(cursor), keys);
      print("{}{}", is_first ? "" : "\n", shown.text);
      all_good = all_good && (keys.empty() || shown.check == SignatureCheck::valid);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::input) throw;
      throw Error(ErrorKind::input,
                  fmt::format("{}: message {}: {}", input_name(file), number, error.what()));
    }
    is_first = false;
    ++number;
  } while (!cursor.at_end());
  return all_good;
}

int run_show(const ShowOptions& options) {
  const std::vector<PublicKey> keys = read_keys(options.keys);
  bool all_good = true;
  bool is_first = true;
  for (const std::string& file : options.files)
    all_good = show_file(file, keys, is_first) && all_good;
  return all_good ? kOk : kRefused;
}

}  // namespace

void add_statement_command(CLI::App& app, Global& /*global*/, Action& action) {
  CLI::App& statement = *add_subcommand(app, "statement", "Show signed statements");
  statement.require_subcommand(0, 1);  // main() says in its own words that one is missing
  const auto options = std::make_shared<ShowOptions>();
  CLI::App& show = *add_subcommand(
      statement, "show", "Print COSE_Sign1 messages readably, and whether their signatures hold");
  add_file_arguments(show, options->files,
                     "Statements or other COSE_Sign1 messages, one after the other in each file; "
                     "none or - is standard input");
  show.add_option("--key", options->keys,
                  "File with a signer's public key, or with several in PEM; may be given again")
      ->type_name("FILE")
      ->allow_extra_args(false)
      ->take_all();
  show.footer(
      "A statement is checked with the key that has its signer's id; another message with every\n"
      "key of its algorithm. With --key the exit code is 1 unless every signature is valid.\n"
      "\n"
      "Examples:\n"
      "  salus statement show vitals.cose --key monitor.pub\n"
      "  salus sign vitals.cbor --key monitor.pem | salus statement show");
  show.callback([&action, options] {
    action = [options] {
      if (options->files.empty()) options->files.emplace_back("-");
      return run_show(*options);
    };
  });
}

}  // namespace salus::cli
