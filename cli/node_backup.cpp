// `salus node backup` and `restore`: a copy of a node's folder, of a running node too.
#include <fmt/format.h>

#include <memory>

#include "cli/arguments.h"
#include "cli/node_commands.h"
#include "cli/output.h"
#include "cli/status_line.h"
#include "cli/units.h"
#include "engine/error.h"
#include "node/control/control.h"
#include "node/node.h"
#include "node/node_backup.h"

namespace salus::cli {
namespace {

namespace fs = std::filesystem;

struct BackupOptions {
  std::string folder;
  std::string out;
  bool with_keys = false;
};

struct RestoreOptions {
  std::string from;
  std::string folder;
};

node::BackupReport back_up_offline(const BackupOptions& options) {
  const fs::path folder(options.folder);
  const node::BlockStore store(folder / node::kBlocksFolder);
  const node::IntakeLog log(folder / node::kIntakeFolder);
  return node::back_up_folder(folder, store, log, options.out, options.with_keys);
}

int run_backup(const BackupOptions& options, const Global& global) {
  const node::Genesis genesis =
      node::load_genesis(options.folder);  // says what is no node's folder
  const fs::path out = fs::absolute(options.out).lexically_normal();
  const auto live = node::ask_backup(options.folder, {options.with_keys, out}, global.stop);
  const node::BackupReport report = live ? *live : back_up_offline(options);
  if (!global.quiet)
    print("backup  {}, {}\nchain   {}, {} blocks\n", printable(options.out),
          format_amount(static_cast<double>(report.bytes), Unit::bytes), genesis.parameters().name,
          report.height + 1);
  return kOk;
}

int run_restore(const RestoreOptions& options, const Global& global) {
  node::restore_folder(options.from, options.folder);
  if (!global.quiet)
    write_error_line(fmt::format("restored to {0}; salus node check {0} validates all of it",
                                 printable(options.folder)));
  return kOk;
}

}  // namespace

void add_node_backup_command(CLI::App& node, Global& global, Action& action) {
  CLI::App* const command =
      add_subcommand(node, "backup", "Copy a node's folder, while it is running or not");
  const auto options = std::make_shared<BackupOptions>();
  command->add_option("DIR", options->folder, "The node's folder")->required();
  command
      ->add_option("OUT", options->out,
                   "The backup's folder; one that is there already is brought up to date")
      ->required();
  command->add_flag("--with-keys", options->with_keys,
                    "Copy private keys, too: the files *.pem in DIR");
  command->footer(
      "Has every statement that was acknowledged before it began. A running node writes it "
      "itself,\n"
      "as its own user; only that user and root may ask for it. A backup that was interrupted is "
      "not\nrestored; one that was whole before stays so.");
  command->callback([&global, &action, options] {
    action = [&global, options] { return run_backup(*options, global); };
  });
}

void add_node_restore_command(CLI::App& node, Global& global, Action& action) {
  CLI::App* const command = add_subcommand(node, "restore", "Make a node's folder from a backup");
  const auto options = std::make_shared<RestoreOptions>();
  command->add_option("OUT", options->from, "The backup's folder")->required();
  command->add_option("DIR", options->folder, "The new node's folder")->required();
  command->footer(
      "Every file is compared with the digest that it had when the backup was made. Keys that were "
      "not\ncopied are to be put into DIR by hand.");
  command->callback([&global, &action, options] {
    action = [&global, options] { return run_restore(*options, global); };
  });
}

}  // namespace salus::cli
