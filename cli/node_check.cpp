// `salus node check`: a whole stored chain validated again, offline.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "cli/arguments.h"
#include "cli/engine_options.h"
#include "cli/node_commands.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "node/chain_check.h"
#include "node/node.h"

namespace salus::cli {
namespace {

struct Options {
  std::string folder;
  bool json = false;
};

double rate_of(const node::CheckReport& report) {
  return report.seconds > 0 ? static_cast<double>(report.statements) / report.seconds : 0;
}

/// What a chain without some bodies leaves open.
std::string deleted_text(const node::CheckReport& report) {
  if (report.without_body == 0) return {};
  std::string text = fmt::format(
      "deleted     {} bodies: the signatures of these statements were not checked again\n",
      report.without_body);
  if (report.erased_unasked > 0)
    text += fmt::format("unasked     {} of them were erased though no statement asks for it\n",
                        report.erased_unasked);
  return text;
}

std::string report_text(const node::CheckReport& report) {
  return fmt::format("{}\nblocks      {}\nstatements  {}\n{}speed       {:.0f} statements/s\n",
                     report.problem ? "wrong       " + *report.problem : "valid", report.blocks,
                     report.statements, deleted_text(report), rate_of(report));
}

nlohmann::json report_json(const node::CheckReport& report) {
  nlohmann::json json = {{"valid", !report.problem},
                         {"blocks", report.blocks},
                         {"statements", report.statements},
                         {"without_body", report.without_body},
                         {"erased_unasked", report.erased_unasked},
                         {"seconds", report.seconds},
                         {"statements_per_s", rate_of(report)}};
  if (report.problem) json["problem"] = *report.problem;
  return json;
}

int run_check(const Options& options, const Global& global) {
  const node::Genesis genesis = node::load_genesis(options.folder);
  engine::Engine engine(engine_options(global));
  log_choice(engine, global);
  node::BlockStore store(std::filesystem::path(options.folder) / node::kBlocksFolder);
  const node::BlockStoreStorage storage(store);
  node::CheckReport report;
  {
    ProgressBar bar(global, "checking", Unit::statements);
    report = check_chain(genesis, engine, storage, {global.stop, bar.callback()});
  }
  write_out(options.json ? json_text(report_json(report)) : report_text(report));
  return report.problem ? kRefused : kOk;
}

}  // namespace

void add_node_check_command(CLI::App& node, Global& global, Action& action) {
  CLI::App* const command =
      add_subcommand(node, "check", "Validate a whole stored chain again, offline");
  const auto options = std::make_shared<Options>();
  command->add_option("DIR", options->folder, "The folder of a node that is not running")
      ->required();
  command->add_flag("--json", options->json, "Print JSON");
  add_device_options(*command, global);
  add_self_check_option(*command, global);
  add_verify_variant_option(*command, global);
  command->footer(
      "Checks every header, tree, signature and rule from genesis on, and that the stored state is "
      "the one that follows.\nWhere bodies were deleted, their leaf hashes stand for them, and the "
      "rest is checked.\nExit code 1 when something is wrong.");
  command->callback([&global, &action, options] {
    action = [&global, options] { return run_check(*options, global); };
  });
}

}  // namespace salus::cli
