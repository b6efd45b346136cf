#include "cli/bench/ingest.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "cli/bench/child_node.h"
#include "cli/bench/node_settings.h"
#include "cli/bench/scratch_folder.h"
#include "cli/output.h"
#include "cli/simulate/delivery.h"
#include "cli/simulate/fleet.h"
#include "cli/simulate/generator.h"
#include "cli/simulate/load_file.h"
#include "cli/simulate/playback.h"
#include "cli/simulate/way.h"
#include "engine/error.h"
#include "node/node.h"

namespace salus::cli::bench {

namespace fs = std::filesystem;
using simulate::Feeds;

namespace {

constexpr std::size_t kAhead = 16;
/// Every 65,536th hash meets it.
constexpr std::uint32_t kEasyBits = 0x1f00ffff;
constexpr double kWarm = 0.2;

std::int64_t seconds_now() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::size_t connections_of(const IngestOptions& options) {
  constexpr std::size_t kInProcess = 2;
  constexpr std::size_t kHttp = 4;
  constexpr std::size_t kMqtt = 10;
  const std::size_t usual = options.way == IngestWay::in_process ? kInProcess
                            : options.way == IngestWay::http     ? kHttp
                                                                 : kMqtt;
  return std::min(options.connections.value_or(usual), options.devices);
}

/// More than a machine of two cores takes in.
std::uint64_t statements_of(const IngestOptions& options) {
  constexpr double kInProcess = 250'000;
  constexpr double kOverNetwork = 100'000;
  if (options.statements) return *options.statements;
  const double most = options.way == IngestWay::in_process ? kInProcess : kOverNetwork;
  const double rate = options.rate > 0 ? std::min(options.rate, most) : most;
  return static_cast<std::uint64_t>(rate * options.seconds);
}

void make_chain(const IngestOptions& options, const std::vector<node::SigningKey>& fleet,
                const fs::path& folder) {
  const node::SigningKey validator = node::SigningKey::generate(node::Algorithm::ed25519);
  const node::SigningKey authority = node::SigningKey::generate(node::Algorithm::ed25519);
  node::ChainParameters parameters;
  parameters.name = "bench ingest";
  parameters.time = static_cast<std::uint32_t>(seconds_now());
  parameters.limit_bits = kEasyBits;
  parameters.spacing = 1;
  parameters.half_life = 3600;
  parameters.keys = {{node::Role::validator, validator.public_key(), "validator"},
                     {node::Role::authority, authority.public_key(), "authority"}};
  for (const node::SigningKey& device : fleet)
    parameters.keys.push_back({node::Role::device, device.public_key(), "device"});
  node::init_folder(folder, node::Genesis(parameters).to_toml());
  validator.save(folder / "validator.pem", {});
  write_file((folder / node::kConfigFile).string(),
             bench_settings({.http = options.way == IngestWay::http,
                             .mqtt = options.way == IngestWay::mqtt,
                             .mining = options.with_blocks,
                             .statements = statements_of(options)}));
}

void sign(const IngestOptions& options, const std::vector<node::SigningKey>& fleet,
          const fs::path& file) {
  const simulate::MadeUpPacks packs;
  const unsigned threads = std::max(1U, std::thread::hardware_concurrency());
  const std::int64_t now = seconds_now();
  simulate::LoadFileWriter writer(file);
  Feeds feeds(1, kAhead * threads, {});
  const std::stop_callback on_stop(options.stop, [&feeds] { feeds.stop(); });
  simulate::Generator generator(fleet, packs, feeds,
                                {.batch = options.batch,
                                 .count = statements_of(options),
                                 .begin = now,
                                 .first_sequence = 1,
                                 .threads = threads});
  std::uint64_t signed_already = 0;
  while (!feeds.is_over(0)) {
    const auto batch =
        feeds.take(0, std::chrono::steady_clock::now() + std::chrono::milliseconds(100));
    if (!batch) continue;
    writer.append(*batch);
    signed_already += batch->size();
    if (options.status)
      options.status(
          fmt::format("{} of {} statements signed", signed_already, statements_of(options)));
  }
  generator.rethrow();
  writer.finish();
  if (options.stop.stop_requested()) throw Cancelled();
}

/// The node, wherever it is, and a way to it.
struct Target {
  std::unique_ptr<node::Node> here;
  std::unique_ptr<ChildNode> child;
  std::unique_ptr<simulate::Way> way;

  [[nodiscard]] ProcessUse use() const { return process_use(child ? child->process() : getpid()); }
};

Target start_node(const IngestOptions& options, const fs::path& folder) {
  Target target;
  if (options.way == IngestWay::in_process) {
    const node::NodeConfig config = node::load_config(folder);
    std::optional<node::SigningKey> key;
    if (config.mine) key = node::SigningKey::load(folder / config.validator_key);
    target.here = std::make_unique<node::Node>(folder, config, std::move(key));
    target.way = simulate::make_sink_way(target.here->sink());
    return target;
  }
  target.child = std::make_unique<ChildNode>(folder.string());
  if (options.way == IngestWay::http) {
    target.way =
        simulate::make_http_way({client::parse_endpoint(target.child->address("http")), {}, {}});
    return target;
  }
  simulate::MqttWayOptions way{.endpoint = client::parse_endpoint(target.child->address("mqtt"))};
  way.in_flight = std::max<std::size_t>(1, options.in_flight / connections_of(options));
  target.way = simulate::make_mqtt_way(way);
  return target;
}

IngestResult play(const IngestOptions& options, Target& target, const fs::path& statements) {
  simulate::LoadFileReader file(statements);
  simulate::Tally tally;
  Feeds feeds(connections_of(options), kAhead,
              {options.rate, std::chrono::duration<double>(options.seconds)});
  IngestResult result;
  result.connections = feeds.lanes();
  const ProcessUse before = target.use();
  const ProcessUse own_before = process_use(getpid());
  const auto begin = std::chrono::steady_clock::now();
  const auto passed = [&begin](simulate::SteadyTime now) {
    return std::chrono::duration<double>(now - begin).count();
  };
  result.resident_at_start = before.resident_mib;
  simulate::Playback playback(file, options.batch, feeds);
  const double senders = simulate::deliver_all(*target.way, feeds, tally, options.stop, [&] {
    const double seconds = passed(std::chrono::steady_clock::now());
    if (result.resident_when_warm == 0 && seconds >= kWarm * options.seconds)
      result.resident_when_warm = target.use().resident_mib;
    if (options.status)
      options.status(
          fmt::format("{:.0f} s, {} statements taken", seconds, tally.counts().acknowledged()));
  });
  result.load_cpu_seconds = senders + playback.finish();
  result.seconds = passed(tally.last_answer());
  const ProcessUse after = target.use();
  result.resident_at_end = after.resident_mib;
  result.node_cpu_seconds = after.cpu_seconds - before.cpu_seconds;
  if (target.child)
    result.load_cpu_seconds = process_use(getpid()).cpu_seconds - own_before.cpu_seconds;
  else
    result.node_cpu_seconds -= result.load_cpu_seconds;
  result.counts = tally.counts();
  return result;
}

const char* name_of(IngestWay way) {
  switch (way) {
    case IngestWay::in_process: return "in-process";
    case IngestWay::http: return "HTTP";
    case IngestWay::mqtt: return "MQTT QoS 1";
  }
  return "";
}

double load_share(const IngestResult& result) {
  const double all = result.load_cpu_seconds + result.node_cpu_seconds;
  return all > 0 ? result.load_cpu_seconds / all : 0;
}

}  // namespace

double IngestResult::per_second() const {
  return seconds > 0 ? static_cast<double>(counts.acknowledged()) / seconds : 0;
}

IngestResult measure_ingest(const IngestOptions& options) {
  const ScratchFolder scratch(options.folder);
  const fs::path folder = scratch.path() / "node";
  const fs::path statements = scratch.path() / "statements.cbor";
  {
    const auto fleet = simulate::make_fleet({.devices = options.devices,
                                             .p256_share = options.p256_share,
                                             .seed = 1,
                                             .keys_folder = {}});
    make_chain(options, fleet, folder);
    sign(options, fleet, statements);
  }
  Target target = start_node(options, folder);
  IngestResult result = play(options, target, statements);
  target.way.reset();
  return result;
}

std::string ingest_text(const IngestOptions& options, const IngestResult& result) {
  const simulate::Counts& counts = result.counts;
  return fmt::format(
      "{}: {:.0f} statements/s durable, {} in {:.1f} s\n"
      "latency   p50 {:.2f} ms, p99 {:.2f} ms, max {:.2f} ms\n"
      "memory    {:.0f} MiB at the start, {:.0f} after a fifth of the time, {:.0f} at the end, {}\n"
      "CPU       node {:.2f} us a statement, load {:.2f} us: {:.0f} % of all\n"
      "load      {} devices, {:.0f} % of them P-256, {} connections, batches of {}; {}\n",
      name_of(options.way), result.per_second(), counts.acknowledged(), result.seconds,
      counts.p50_seconds * 1e3, counts.p99_seconds * 1e3, counts.max_seconds * 1e3,
      result.resident_at_start, result.resident_when_warm, result.resident_at_end,
      options.way == IngestWay::in_process ? "with the load" : "the node alone",
      result.node_cpu_seconds * 1e6 / static_cast<double>(std::max<std::uint64_t>(1, counts.sent)),
      result.load_cpu_seconds * 1e6 / static_cast<double>(std::max<std::uint64_t>(1, counts.sent)),
      load_share(result) * 100, options.devices, options.p256_share * 100, result.connections,
      options.batch,
      options.with_blocks ? "a block each second" : "no blocks: everything waits in memory");
}

}  // namespace salus::cli::bench
