// `salus node prune`: bodies deleted to save room, with every proof kept.
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/arguments.h"
#include "cli/content_types.h"
#include "cli/node_commands.h"
#include "cli/offline_node.h"
#include "cli/output.h"
#include "cli/units.h"
#include "engine/error.h"
#include "node/node.h"
#include "node/prune.h"

namespace salus::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string folder;
  std::string older_than;
  std::vector<std::string> types;
  bool dry_run = false;
  bool json = false;
};

/// "30d", "12h": seconds.
std::int64_t parse_age(const std::string& text) {
  constexpr std::array kUnits = {std::pair{"s", 1}, std::pair{"min", 60}, std::pair{"h", 3600},
                                 std::pair{"d", 86400}, std::pair{"w", 7 * 86400}};
  constexpr std::uint32_t kMost = 1'000'000;
  std::uint32_t number = 0;
  const char* const end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, number);
  for (const auto& [name, seconds] : kUnits)
    if (result.ec == std::errc() && number <= kMost && std::string(result.ptr, end) == name)
      return std::int64_t{number} * seconds;
  throw Error(
      ErrorKind::usage,
      fmt::format("--older-than: '{}' is no age: a number, at most {}, with s, min, h, d or w",
                  printable(text), kMost));
}

std::string prunable_names() {
  std::string names;
  for (const node::ContentType type : node::prunable_types())
    names += fmt::format("{}{}", names.empty() ? "" : ", ", short_name(type));
  return names;
}

std::vector<node::ContentType> parse_types(const std::vector<std::string>& names) {
  std::vector<node::ContentType> types;
  for (const std::string& name : names) {
    const auto type = type_named(name);
    if (!type || !node::is_prunable(*type))
      throw Error(ErrorKind::usage,
                  fmt::format("--type: '{}' is none of {}{}", printable(name), prunable_names(),
                              type ? ": the chain is checked by the others" : ""));
    types.push_back(*type);
  }
  return types;
}

std::uint64_t bytes_below(const fs::path& folder) {
  std::uint64_t bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) bytes += entry.file_size();
  return bytes;
}

nlohmann::json report_json(const node::PruneReport& report, bool dry_run) {
  return {{"dry_run", dry_run},
          {"below", report.below},
          {"statements", report.statements},
          {"bytes", report.bytes}};
}

std::string report_text(const node::PruneReport& report, bool dry_run) {
  return fmt::format("{} {} bodies, {}, in blocks below height {}\n",
                     dry_run ? "would delete" : "deleted", report.statements,
                     format_amount(static_cast<double>(report.bytes), Unit::bytes), report.below);
}

int run_prune(const Options& options) {
  const node::NodeConfig config = node::load_config(options.folder);
  OfflineNode node(options.folder);
  node::PruneRequest request;
  request.types = parse_types(options.types);
  request.before = node::system_clock()() - parse_age(options.older_than);
  // These may leave the chain for a better branch, and what is in them then waits for a block
  // again.
  request.keep_blocks = static_cast<node::Height>(config.mempool.keep_depth);
  const fs::path blocks = fs::path(options.folder) / node::kBlocksFolder;
  const std::uint64_t before = bytes_below(blocks);
  const node::PruneReport report =
      options.dry_run ? count_prunable(node.store(), request) : prune(node.store(), request);
  nlohmann::json json = report_json(report, options.dry_run);
  std::string text = report_text(report, options.dry_run);
  if (!options.dry_run) {
    const std::uint64_t after = bytes_below(blocks);
    json["disk_before"] = before;
    json["disk_after"] = after;
    text += fmt::format("on the disk: {} before, {} now\n",
                        format_amount(static_cast<double>(before), Unit::bytes),
                        format_amount(static_cast<double>(after), Unit::bytes));
  }
  write_out(options.json ? json_text(json) : text);
  return kOk;
}

}  // namespace

void add_node_prune_command(CLI::App& node, Action& action) {
  CLI::App* const command = add_subcommand(
      node, "prune", "Delete old bodies of a node that is not running, and keep every proof");
  const auto options = std::make_shared<Options>();
  command->add_option("DIR", options->folder, "The node's folder")->required();
  command
      ->add_option("--older-than", options->older_than,
                   "Of blocks that were made longer ago: 30d, 12h, 90min, ...")
      ->type_name("AGE")
      ->required();
  command
      ->add_option("--type", options->types,
                   "Of statements of this type; several by commas, or given again")
      ->type_name("TYPE")
      ->delimiter(',')
      ->required();
  command->add_flag("--dry-run", options->dry_run, "Only count");
  command->add_flag("--json", options->json, "Print JSON");
  command->footer("Types: " + prunable_names() +
                  ".\nHashes, ids, headers and indexes stay. Bodies cannot be had again but from "
                  "another node or a backup.\n\nExample: salus node prune my-node --older-than 30d "
                  "--type senml+cbor --dry-run");
  command->callback([&action, options] { action = [options] { return run_prune(*options); }; });
}

}  // namespace salus::cli
