// `salus node run`: a node until it is stopped.
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "cli/arguments.h"
#include "cli/hangup_watch.h"
#include "cli/node_commands.h"
#include "cli/output.h"
#include "cli/status_line.h"
#include "cli/version.h"
#include "engine/error.h"
#include "engine/log.h"
#include "node/control/control.h"
#include "node/running_node.h"

namespace salus::cli {
namespace {

using Clock = std::chrono::steady_clock;

struct Options {
  std::string folder;
  bool mine = false;
};

/// What happened from one look at the node to the next.
struct Second {
  double accepted = 0;  ///< A second; as the next three.
  double verified = 0;
  double refused = 0;
  double on_chain = 0;
  double hashes = 0;
  double busy = 0;  ///< Share of the time in which signatures were checked.
  std::vector<std::pair<std::string, double>> devices;  ///< Each, and its share of the time.
  node::NodeStats now;
};

std::uint64_t refused_of(const node::PipelineStats& stats) {
  std::uint64_t sum = 0;
  for (const std::uint64_t count : stats.refused) sum += count;
  return sum;
}

double busy_of(const node::PipelineStats& stats) { return stats.stages[1].busy_seconds; }

class Watch {
 public:
  explicit Watch(const node::Node& node) : node_(node), last_(node.stats()), time_(Clock::now()) {
    for (const engine::DeviceLoad& device : last_.devices)
      device_seconds_[device.id] = device.busy_seconds;
  }

  Second look() {
    Second second;
    second.now = node_.stats();
    const Clock::time_point now = Clock::now();
    const double seconds = std::chrono::duration<double>(now - time_).count();
    const auto rate = [seconds](std::uint64_t after, std::uint64_t before) {
      return static_cast<double>(after - before) / seconds;
    };
    const node::PipelineStats& intake = second.now.intake;
    second.accepted = rate(intake.accepted, last_.intake.accepted);
    second.verified = rate(intake.verified, last_.intake.verified);
    second.refused = rate(refused_of(intake), refused_of(last_.intake));
    second.on_chain = rate(second.now.on_chain, last_.on_chain);
    if (second.now.producer && last_.producer)
      second.hashes = rate(second.now.producer->hashes, last_.producer->hashes);
    second.busy = (busy_of(intake) - busy_of(last_.intake)) / seconds;
    for (const engine::DeviceLoad& device : second.now.devices) {
      double& before = device_seconds_[device.id];
      second.devices.emplace_back(device.id, (device.busy_seconds - before) / seconds);
      before = device.busy_seconds;
    }
    last_ = second.now;
    time_ = now;
    return second;
  }

 private:
  const node::Node& node_;
  node::NodeStats last_;
  std::map<std::string, double> device_seconds_;
  Clock::time_point time_;
};

/// 80 columns with one device.
std::string table_head() {
  return fmt::format("{:>7} {:>7} {:>10} {:>9} {:>10} {:>7} {:>6} {:>8}  {}\n", "height", "in/s",
                     "verified/s", "refused/s", "on chain/s", "mempool", "p99 ms", "hashes/s",
                     "load %");
}

std::string table_line(const Second& s) {
  std::string devices;
  for (const auto& [id, share] : s.devices)
    devices += fmt::format("{}{} {:.0f}", devices.empty() ? "" : ", ", id, share * 100);
  return fmt::format("{:>7} {:>7.0f} {:>10.0f} {:>9.0f} {:>10.0f} {:>7} {:>6.1f} {:>8.3g}  {}\n",
                     s.now.tip.height, s.accepted, s.verified, s.refused, s.on_chain,
                     s.now.mempool.statements, s.now.intake.p99_seconds * 1e3, s.hashes, devices);
}

nlohmann::json nats_json(const node::nats::Counters& c) {
  return {{"connected", c.is_connected},
          {"connections", c.connections},
          {"backlog", c.backlog},
          {"held", c.held},
          {"fetched", c.fetched},
          {"redelivered", c.redelivered},
          {"accepted", c.accepted},
          {"duplicates", c.duplicates},
          {"refused", c.refused},
          {"overloaded", c.overloaded},
          {"acknowledged", c.acknowledged},
          {"deferred", c.deferred},
          {"stalls", c.stalls}};
}

std::string json_line(const Second& s, const std::optional<node::nats::Counters>& nats) {
  nlohmann::json json = {{"height", s.now.tip.height},
                         {"tip", to_hex_reversed(s.now.tip.id)},
                         {"statements_per_s", s.accepted},
                         {"verified_per_s", s.verified},
                         {"refused_per_s", s.refused},
                         {"on_chain_per_s", s.on_chain},
                         {"mempool", s.now.mempool.statements},
                         {"mempool_bytes", s.now.mempool.bytes},
                         {"waiting", s.now.intake.waiting_statements},
                         {"p99_ms", s.now.intake.p99_seconds * 1e3},
                         {"verify_busy", s.busy},
                         {"hashes_per_s", s.hashes},
                         {"log_bytes", s.now.log.on_disk}};
  for (const auto& [id, share] : s.devices) json["devices_busy"][id] = share;
  if (nats) json["nats"] = nats_json(*nats);
  return json.dump() + '\n';
}

/// Says each second what the node does, until it is to stop or cannot go on: why, or nothing.
std::optional<std::string> report(const node::RunningNode& running, const Global& global) {
  const node::Node& node = running.node();
  constexpr int kLinesToAHead = 20;
  const bool is_terminal = isatty(STDOUT_FILENO) != 0;
  Watch watch(node);
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  for (int line = 0; !global.stop.stop_requested(); ++line) {
    stopped.wait_for(lock, global.stop, std::chrono::seconds(1), [] { return false; });
    if (auto failure = node.failure()) return failure;
    const Second second = watch.look();
    if (global.quiet) continue;
    if (is_terminal && line % kLinesToAHead == 0) write_out(table_head());
    write_out(is_terminal ? table_line(second) : json_line(second, running.nats_counters()));
    flush_out();
  }
  return std::nullopt;
}

/// Not every file system has sockets; a node runs without.
std::unique_ptr<node::ControlServer> control_of(node::Node& node, const std::string& folder) {
  try {
    return std::make_unique<node::ControlServer>(
        folder, [&node](const node::BackupRequest& request) {
          return node.back_up(request.out, request.with_keys);
        });
  } catch (const Error& error) {
    logging::warn("backups only while the node is stopped: {}", error.what());
    return nullptr;
  }
}

/// Has the node read its files again, and says what became of it.
void reload(node::RunningNode& running, const Global& global) {
  const std::vector<node::Reloaded> all = running.reload();
  for (const node::Reloaded& each : all)
    if (!each.is_taken)
      logging::error("not read again, what was read before stays in use: {}", each.text);
    else if (!global.quiet)
      write_error_line("read again: " + printable(each.text));
  if (all.empty() && !global.quiet)
    write_error_line("read again: nothing, the configuration names no tokens and no certificates");
}

int run_node(const Options& options, const Global& global) {
  const SignalQueue hangups = queue_of_hangups();
  node::NodeConfig config = node::load_config(options.folder);
  config.mine = config.mine || options.mine;
  std::optional<node::SigningKey> key;
  if (config.mine || config.getwork.enabled)
    key = node::SigningKey::load(std::filesystem::path(options.folder) / config.validator_key);
  node::RunningNode running(options.folder, config, std::move(key), kVersion);
  if (!global.quiet) {
    for (const std::string& address : running.addresses())
      write_error_line("listening: " + address);
    for (const std::string& source : running.sources()) write_error_line("fetching: " + source);
    write_error_line(fmt::format("running: height {}, {} statements from the log wait for a block",
                                 running.node().chain().tip().height, running.node().restored()));
  }
  const auto control = control_of(running.node(), options.folder);
  const HangupWatch hangup_watch(hangups, [&] { reload(running, global); });
  if (const auto failure = report(running, global))
    throw Error(ErrorKind::system, "the node has stopped: " + *failure +
                                       "; nothing that was acknowledged is lost, start it again "
                                       "when that is mended");
  return kOk;
}

}  // namespace

void add_node_run_command(CLI::App& node, Global& global, Action& action) {
  CLI::App* const command = add_subcommand(node, "run", "Run a node until it is stopped");
  const auto options = std::make_shared<Options>();
  command->add_option("DIR", options->folder, "The node's folder, made by `salus node init`")
      ->required();
  command->add_flag("--mine", options->mine, "Make blocks");
  command->footer(
      "Says each second what it does: a table on a terminal, otherwise JSON, a line each.\n"
      "SIGTERM and Ctrl-C stop it cleanly; nothing that was acknowledged is lost by kill -9 "
      "either.\n"
      "SIGHUP has it read bearer tokens and TLS certificates again.");
  command->callback([&global, &action, options] {
    action = [&global, options] { return run_node(*options, global); };
  });
}

}  // namespace salus::cli
