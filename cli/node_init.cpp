// `salus node init`: makes a node's data folder.
#include <memory>

#include "cli/arguments.h"
#include "cli/input_file.h"
#include "cli/node_commands.h"
#include "cli/output.h"
#include "engine/error.h"
#include "node/node.h"
#include "node/statement/secret.h"

namespace salus::cli {
namespace {

struct Options {
  std::string folder;
  std::string genesis;
  bool dev = false;
};

int run_init(const Options& options) {
  if (options.dev == !options.genesis.empty())
    throw Error(ErrorKind::usage, "say either --genesis FILE or --dev");
  if (options.dev) {
    node::init_dev_folder(options.folder);
  } else {
    const node::Secret file = node::read_secret_file(options.genesis, node::kMaxGenesisText);
    node::init_folder(options.folder, file.text());
  }
  const node::Genesis genesis = node::load_genesis(options.folder);
  print("chain     {}  {}\nsettings  {}/{}\n", genesis.parameters().name,
        to_hex_reversed(genesis.id()), printable(options.folder), node::kConfigFile);
  if (options.dev)
    print(
        "keys      {0}/validator.pem  {0}/authority.pem\ntoken     {0}/{1}\n"
        "start it  salus node run {0} --mine\n",
        printable(options.folder), node::kDevTokenFile);
  return kOk;
}

}  // namespace

void add_node_init_command(CLI::App& node, Action& action) {
  CLI::App* const command = add_subcommand(node, "init", "Make the data folder of a node");
  const auto options = std::make_shared<Options>();
  command->add_option("DIR", options->folder, "The folder; made where it is not there")->required();
  command->add_option("--genesis", options->genesis, "The chain's genesis file (TOML)")
      ->type_name("FILE");
  command->add_flag("--dev", options->dev,
                    "Make a chain of its own: one validator, an easy target, keys in the folder");
  command->footer("Writes a settings file in which every setting is explained.");
  command->callback([&action, options] { action = [options] { return run_init(*options); }; });
}

}  // namespace salus::cli
