// `salus node export`: blocks as a stream of CBOR.
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>

#include "cli/arguments.h"
#include "cli/node_commands.h"
#include "cli/offline_node.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/status_line.h"
#include "cli/strict_number.h"
#include "engine/error.h"
#include "node/chain/block_stream.h"
#include "node/chain_transfer.h"

namespace salus::cli {
namespace {

struct Options {
  std::string folder;
  std::string out;
  std::string from;
  std::string to;
};

std::string_view as_text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// What is given with --out: a file that is written piece by piece.
class OutputFile {
 public:
  explicit OutputFile(const std::string& path)
      : path_(path), file_(std::fopen(path.c_str(), "we")) {
    if (!file_) fail();
  }
  void write(std::string_view text) {
    if (std::fwrite(text.data(), 1, text.size(), file_.get()) != text.size()) fail();
  }
  /// Some file systems report a full disk only here.
  void close() {
    if (std::fclose(file_.release()) != 0) fail();
  }

 private:
  struct Close {
    void operator()(std::FILE* file) const { (void)std::fclose(file); }
  };
  [[noreturn]] void fail() const {
    throw Error(ErrorKind::system,
                fmt::format("cannot write {}: {}", printable(path_), std::strerror(errno)));
  }

  std::string path_;
  std::unique_ptr<std::FILE, Close> file_;
};

node::BlockRange range_of(const Options& options, std::uint64_t tip) {
  node::BlockRange range{0, tip};
  if (!options.from.empty()) range.from = strict_number<std::uint64_t>(options.from, "--from");
  if (!options.to.empty()) range.to = strict_number<std::uint64_t>(options.to, "--to");
  if (range.to > tip || range.from > tip)
    throw Error(ErrorKind::usage, fmt::format("the chain ends at height {}", tip));
  if (range.from > range.to)
    throw Error(ErrorKind::usage, fmt::format("--from {} is above --to {}", range.from, range.to));
  return range;
}

int run_export(const Options& options, const Global& global) {
  if (options.out.empty() && isatty(STDOUT_FILENO) != 0)
    throw Error(ErrorKind::usage, "blocks are binary: give --out, or send them elsewhere");
  OfflineNode node(options.folder);
  const node::BlockRange range = range_of(options, node.tip_height());
  std::optional<OutputFile> file;
  if (!options.out.empty()) file.emplace(options.out);
  node::ExportReport report;
  {
    ProgressBar bar(global, "exporting", Unit::blocks);
    report = export_blocks(
        node.storage(), range,
        [&file](Bytes block) { file ? file->write(as_text(block)) : write_out(as_text(block)); },
        {global.stop, bar.callback()});
  }
  if (file) file->close();
  if (!global.quiet)
    write_error_line(fmt::format("{} blocks, heights {} to {}, {}", report.blocks, range.from,
                                 range.to,
                                 format_amount(static_cast<double>(report.bytes), Unit::bytes)));
  return kOk;
}

}  // namespace

void add_node_export_command(CLI::App& node, Global& global, Action& action) {
  CLI::App* const command =
      add_subcommand(node, "export", "Write the blocks of a node that is not running as a stream");
  const auto options = std::make_shared<Options>();
  command->add_option("DIR", options->folder, "The node's folder")->required();
  command->add_option("-o,--out", options->out, "File for the blocks (default: standard output)")
      ->type_name("FILE");
  command->add_option("--from", options->from, "First height (default: 0, genesis)")
      ->type_name("HEIGHT");
  command->add_option("--to", options->to, "Last height (default: the chain's tip)")
      ->type_name("HEIGHT");
  command->footer(
      fmt::format("Writes a CBOR sequence of blocks, {}.\nBlocks of which bodies were deleted "
                  "cannot be exported.\n\nExample: salus node export a | salus node import b -",
                  node::kBlockStreamMediaType));
  command->callback([&global, &action, options] {
    action = [&global, options] { return run_export(*options, global); };
  });
}

}  // namespace salus::cli
