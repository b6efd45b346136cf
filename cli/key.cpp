// `salus key`: keys that sign statements.
#include <fmt/format.h>

#include <memory>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/error_context.h"
#include "cli/input_file.h"
#include "cli/key_files.h"
#include "cli/key_passphrase.h"
#include "cli/output.h"
#include "engine/error.h"
#include "engine/signature/cose_key.h"
#include "node/statement/public_key_pem.h"

namespace salus::cli {
namespace {

using engine::signature::PublicKey;
using node::SigningKey;

struct NewKeyOptions {
  std::string algorithm;
  std::string out;
  std::string passphrase_file;
  bool no_passphrase = false;
};

struct KeyFileOptions {
  std::string file;
  std::string passphrase_file;
};

node::Secret new_passphrase(const NewKeyOptions& options, const Global& global) {
  if (options.no_passphrase) return {};
  if (!options.passphrase_file.empty()) return passphrase_in_file(options.passphrase_file);
  if (can_ask_passphrase()) return ask_new_passphrase(global.stop);
  return {};
}

int run_new(const NewKeyOptions& options, const Global& global) {
  const node::Secret passphrase = new_passphrase(options, global);
  const SigningKey key = SigningKey::generate(
      options.algorithm == "p256" ? node::Algorithm::p256 : node::Algorithm::ed25519);
  key.save(options.out, passphrase);
  print("{}\n", to_hex(key.id()));
  return kOk;
}

PublicKey key_of(const KeyFileOptions& options, const Global& global) {
  return public_key_of_file(options.file,
                            passphrase_source(options.passphrase_file, options.file, global.stop));
}

int run_id(const KeyFileOptions& options, const Global& global) {
  print("{}\n", to_hex(node::key_id(key_of(options, global))));
  return kOk;
}

int run_show(const KeyFileOptions& options, const Global& global) {
  const PublicKey key = key_of(options, global);
  const std::string pem =
      in_context(input_name(options.file), [&] { return node::public_key_pem(key); });
  print("key id     {}\nalgorithm  {}\nCOSE_Key   {}\n{}", to_hex(node::key_id(key)),
        engine::signature::to_string(key.algorithm),
        to_hex(engine::signature::encode_cose_key(key)), pem);
  return kOk;
}

void add_new(CLI::App& key, Global& global, Action& action) {
  const auto options = std::make_shared<NewKeyOptions>();
  CLI::App& command = *add_subcommand(key, "new", "Make a key and print its id");
  command.add_option("--alg", options->algorithm, "Algorithm of the key")
      ->check(one_of({"ed25519", "p256"}))
      ->required();
  command
      .add_option("-o,--out", options->out, "New file for the private key; only you may read it")
      ->type_name("FILE")
      ->required();
  CLI::Option* const file =
      command
          .add_option("--passphrase-file", options->passphrase_file,
                      "Encrypt the key with the passphrase in the first line of this file")
          ->type_name("FILE");
  command.add_flag("--no-passphrase", options->no_passphrase, "Do not ask for one on the terminal")
      ->excludes(file);
  command.footer(
      "On a terminal a passphrase is asked for; nothing means that the key is kept as it is.\n"
      "The file is PEM (PKCS#8). A file that is there already is never overwritten.\n"
      "\n"
      "Example:\n"
      "  salus key new --alg ed25519 --out monitor.pem");
  command.callback([&global, &action, options] {
    action = [&global, options] { return run_new(*options, global); };
  });
}

template <typename Run>
void add_reader(CLI::App& key, Global& global, Action& action, const std::string& name,
                const std::string& description, Run run) {
  const auto options = std::make_shared<KeyFileOptions>();
  CLI::App& command = *add_subcommand(key, name, description);
  command
      .add_option("FILE", options->file,
                  "A private key in PEM, or a public key: PEM, DER, COSE_Key, certificate, SEC 1 "
                  "point or raw; - is standard input")
      ->required();
  command
      .add_option("--passphrase-file", options->passphrase_file,
                  "The passphrase is in the first line of this file (default: asked for)")
      ->type_name("FILE");
  command.callback([&global, &action, options, run] {
    action = [&global, options, run] { return run(*options, global); };
  });
}

}  // namespace

void add_key_command(CLI::App& app, Global& global, Action& action) {
  CLI::App& key = *add_subcommand(app, "key", "Make keys that sign statements, and show keys");
  key.require_subcommand(0, 1);  // main() says in its own words that one is missing
  add_new(key, global, action);
  add_reader(key, global, action, "show",
             "Print a key's public part as PEM and COSE_Key, and its id", run_show);
  add_reader(key, global, action, "id", "Print a key's id", run_id);
}

}  // namespace salus::cli
