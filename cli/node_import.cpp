// `salus node import`: blocks from a stream, checked as blocks from anyone.
#include <fmt/format.h>

#include <chrono>
#include <memory>

#include "cli/arguments.h"
#include "cli/engine_options.h"
#include "cli/input_file.h"
#include "cli/node_commands.h"
#include "cli/offline_node.h"
#include "cli/output.h"
#include "cli/status_line.h"
#include "cli/units.h"
#include "engine/byte_source.h"
#include "node/chain_transfer.h"

namespace salus::cli {
namespace {

struct Options {
  std::string folder;
  std::string file;
};

double rate(std::uint64_t count, double seconds) {
  return seconds > 0 ? static_cast<double>(count) / seconds : 0;
}

std::string speed_text(const node::ImportReport& report) {
  return fmt::format("{}, {}", format_rate(rate(report.blocks, report.seconds), Unit::blocks),
                     format_rate(rate(report.statements, report.seconds), Unit::statements));
}

/// Where the import is, on a terminal, ten times a second.
class ImportStatus {
 public:
  explicit ImportStatus(const Global& global) : shown_(!global.quiet && stderr_is_terminal()) {}
  ~ImportStatus() {
    if (shown_) clear_status();
  }
  ImportStatus(const ImportStatus&) = delete;
  ImportStatus& operator=(const ImportStatus&) = delete;

  void show(const node::ImportReport& report) {
    const auto now = std::chrono::steady_clock::now();
    if (!shown_ || now < next_) return;
    next_ = now + std::chrono::milliseconds(100);
    show_status(fmt::format("importing  height {}  {}", report.height, speed_text(report)));
  }

 private:
  bool shown_;
  std::chrono::steady_clock::time_point next_;
};

int run_import(const Options& options, const Global& global) {
  OfflineNode folder(options.folder);
  engine::Engine engine(engine_options(global));
  log_choice(engine, global);
  node::Chain chain(folder.genesis(), engine, folder.storage());
  FileSource source(options.file);
  node::ImportReport report;
  {
    ImportStatus status(global);
    report = import_blocks(
        chain, source, [&status](const node::ImportReport& now) { status.show(now); }, global.stop);
  }
  if (!global.quiet)
    print(
        "blocks      {} read, {} new, {} on branches with less work\nheight      {}\nstatements  "
        "{}\nspeed       {}\n",
        report.blocks, report.blocks - report.known, report.side, report.height, report.statements,
        speed_text(report));
  if (!report.problem) return kOk;
  write_error_line(fmt::format("salus: {}: {}", input_name(options.file), *report.problem));
  return kRefused;
}

}  // namespace

void add_node_import_command(CLI::App& node, Global& global, Action& action) {
  CLI::App* const command =
      add_subcommand(node, "import", "Add blocks from a stream to a node that is not running");
  const auto options = std::make_shared<Options>();
  command->add_option("DIR", options->folder, "The node's folder, made by `salus node init`")
      ->required();
  command->add_option("FILE", options->file, "What `salus node export` wrote; - is standard input")
      ->required();
  add_device_options(*command, global);
  add_self_check_option(*command, global);
  add_verify_variant_option(*command, global);
  command->footer(
      "Every block gets all checks that blocks from anyone get. Blocks that are there already are "
      "passed\nover. Ends at the first block that is not valid, which it names; exit code 1 then, "
      "and for a\nstream that is cut short. What came before stays.");
  command->callback([&global, &action, options] {
    action = [&global, options] { return run_import(*options, global); };
  });
}

}  // namespace salus::cli
