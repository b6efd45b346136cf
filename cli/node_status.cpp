// `salus node status`: how a running node is.
#include <fmt/format.h>

#include <memory>

#include "cli/arguments.h"
#include "cli/node_client.h"
#include "cli/node_commands.h"
#include "cli/output.h"
#include "cli/table.h"
#include "cli/units.h"

namespace salus::cli {
namespace {

using nlohmann::json;

std::string stage_table(const json& stages) {
  using enum Table::Align;
  Table table({{"stage"}, {"waiting", right}, {"busy", right}, {"p50", right}, {"p99", right}});
  for (const json& stage : stages)
    table.add_row({printable(stage.at("name").get<std::string>()),
                   std::to_string(stage.at("depth").get<std::uint64_t>()),
                   fmt::format("{:.0f} %", stage.at("duty").get<double>() * 100),
                   format_duration(stage.at("latency_p50").get<double>()),
                   format_duration(stage.at("latency_p99").get<double>())});
  return table.text();
}

std::string devices_text(const json& devices) {
  std::string text;
  for (const json& device : devices) text += (text.empty() ? "" : ", ") + device.get<std::string>();
  return printable(text);
}

std::string status_text(const json& s) {
  const json& mempool = s.at("mempool");
  const json& log = s.at("log");
  const std::string ready =
      s.at("ready").get<bool>()
          ? "ready"
          : "not ready: " +
                printable(s.value("unready_reason", std::string("it does not say why")));
  return fmt::format(
      "node       {}, version {}{}\n"
      "chain      {}\n"
      "height     {} (final: {})\n"
      "tip        {}\n"
      "mempool    {} statements, {}\n"
      "intake     {} accepted, {} refused; p50 {}, p99 {}\n"
      "log        {} records in {} groups, {}; last sync {}\n"
      "devices    {}\n\n{}",
      ready, printable(s.at("version").get<std::string>()),
      s.at("mining").get<bool>() ? ", mining" : "", printable(s.at("chain").get<std::string>()),
      s.at("height").get<std::uint64_t>(), s.at("final_height").get<std::uint64_t>(),
      printable(s.at("tip").get<std::string>()), mempool.at("statements").get<std::uint64_t>(),
      format_memory(mempool.at("bytes").get<std::uint64_t>()),
      s.at("accepted").get<std::uint64_t>(), s.at("refused").get<std::uint64_t>(),
      format_duration(s.at("latency_p50").get<double>()),
      format_duration(s.at("latency_p99").get<double>()), log.at("records").get<std::uint64_t>(),
      log.at("syncs").get<std::uint64_t>(),
      format_memory(log.at("disk_bytes").get<std::uint64_t>()),
      format_duration(log.at("last_sync").get<double>()), devices_text(s.at("devices")),
      stage_table(s.at("stages")));
}

int run_status(const NodeClientOptions& options, const Global& global) {
  const json status = ask_node(options, global, "/v1/status");
  write_out(options.json ? json_text(status) : shown(options, [&] { return status_text(status); }));
  return kOk;
}

}  // namespace

void add_node_status_command(CLI::App& node, Global& global, Action& action) {
  CLI::App* const command = add_subcommand(node, "status", "Show how a running node is");
  const auto options = std::make_shared<NodeClientOptions>();
  add_node_client_options(*command, *options);
  command->footer("Example:\n  salus node status --node https://node.example:8340 --ca ca.pem");
  command->callback([&global, &action, options] {
    action = [&global, options] { return run_status(*options, global); };
  });
}

}  // namespace salus::cli
