#include "cli/demo_node.h"

#include <chrono>
#include <optional>
#include <thread>
#include <variant>
#include <vector>

#include "cli/bench/scratch_folder.h"
#include "cli/demo_data.h"
#include "cli/engine_options.h"
#include "cli/output.h"
#include "cli/simulate/delivery.h"
#include "cli/simulate/fleet.h"
#include "cli/simulate/generator.h"
#include "cli/simulate/playback.h"
#include "cli/simulate/recording.h"
#include "cli/simulate/way.h"
#include "cli/units.h"
#include "cli/version.h"
#include "engine/error.h"
#include "engine/stopwatch.h"
#include "node/api/chain_reader.h"
#include "node/chain/receipt.h"
#include "node/chain_check.h"
#include "node/node.h"
#include "node/statement/sign.h"

namespace salus::cli {
namespace {

using simulate::Batch;
using simulate::Counts;
using simulate::Kind;

constexpr std::size_t kDevices = 200;
constexpr double kP256Share = 0.5;
constexpr std::uint64_t kStatements = 20'000;
constexpr std::size_t kBatch = 100;
constexpr unsigned kSigners = 2;
constexpr std::size_t kAhead = 16;
/// The recording has a hundred samples a second: a second of them in a pack.
constexpr double kHertz = 100;
constexpr double kPackSeconds = 1;
constexpr std::chrono::seconds kLongest{20};

std::int64_t now() { return node::system_clock()(); }

class NodeDemo {
 public:
  explicit NodeDemo(const Global& global)
      : global_(global),
        scratch_({}),
        folder_(scratch_.path() / "node"),
        packs_(simulate::read_recording(demo_folder() / "pulse" / "heartpy_data.csv", kHertz),
               kPackSeconds),
        fleet_(simulate::make_fleet({kDevices, kP256Share, 1, {}})) {
    node::init_dev_folder(folder_);
  }

  unsigned run() {
    {
      node::Node node(folder_, config(), node::SigningKey::load(folder_ / "validator.pem"));
      const auto way = simulate::make_sink_way(node.sink());
      register_fleet(*way);
      send_telemetry(*way);
      const Batch batch = send_three(*way);
      await_blocks(node);
      show_blocks(node);
      check_receipt(node, batch);
    }
    validate_again();
    return failures_;
  }

 private:
  [[nodiscard]] node::NodeConfig config() const {
    node::NodeConfig config = node::load_config(folder_);
    config.devices = global_.devices;
    config.threads = global_.threads;
    config.mining.interval = std::chrono::milliseconds(500);
    return config;
  }

  void expect(bool is_right) { failures_ += is_right ? 0 : 1; }

  void send(simulate::Way& way, std::vector<Batch> batches, simulate::Tally& tally) {
    simulate::Feeds feeds(1, kAhead, {});
    simulate::Playback playback(std::move(batches), feeds);
    simulate::deliver_all(way, feeds, tally, global_.stop, [] {});
    playback.finish();
  }

  void register_fleet(simulate::Way& way) {
    const node::SigningKey authority = node::SigningKey::load(folder_ / "authority.pem");
    Batch batch;
    for (std::size_t i = 0; i < fleet_.size(); ++i)
      batch.append(simulate::registration_of(fleet_[i], i, authority, now(), i + 1),
                   Kind::registration);
    simulate::Tally tally;
    send(way, {std::move(batch)}, tally);
    print("{} devices, half with Ed25519 and half with P-256, registered by an authority\n",
          tally.counts().acknowledged());
    expect(tally.counts().acknowledged() == kDevices);
  }

  void send_telemetry(simulate::Way& way) {
    const Stopwatch watch;
    simulate::Tally tally;
    simulate::Feeds feeds(1, kAhead, {});  // one lane: each device sends as much as the others
    simulate::Generator generator(
        fleet_, packs_, feeds,
        {.batch = kBatch,
         .count = kStatements,
         .begin = now() - static_cast<std::int64_t>(kStatements / kDevices),
         .first_sequence = 1,
         .threads = kSigners});
    simulate::deliver_all(way, feeds, tally, global_.stop, [] {});
    generator.rethrow();
    const double seconds = watch.seconds();
    const Counts counts = tally.counts();
    print("{} packs of a recorded pulse wave signed, verified and durable in {}: {}; p99 {}\n",
          counts.acknowledged(), format_duration(seconds),
          format_rate(static_cast<double>(counts.acknowledged()) / seconds, Unit::statements),
          format_duration(counts.p99_seconds));
    expect(counts.acknowledged() == kStatements);
  }

  /// One honest statement, the same altered after it was signed, and the same once more.
  Batch send_three(simulate::Way& way) {
    std::vector<std::uint8_t> payload;
    const std::uint64_t sequence = kStatements / kDevices + 1;
    packs_.make(0, sequence, static_cast<double>(now()), payload);
    const auto honest =
        node::sign_statement(fleet_[0], {{}, simulate::device_name(0), now(), sequence},
                             node::ContentType::senml_cbor, payload);
    auto altered = honest;
    simulate::tamper(altered);
    Batch batch;
    batch.append(honest, Kind::honest);
    batch.append(altered, Kind::tampered);
    batch.append(honest, Kind::replayed);
    simulate::Tally tally;
    send(way, {batch}, tally);
    const Counts counts = tally.counts();
    const auto tampered = counts.refused_for(node::Refusal::bad_signature);
    const auto replayed = counts.refused_for(node::Refusal::duplicate);
    print("one tampered message: {}; one replayed message: {}\n",
          tampered == 1 ? "refused, bad_signature" : "NOT REFUSED",
          replayed == 1 ? "refused, duplicate" : "NOT REFUSED");
    expect(tampered == 1 && replayed == 1 && counts.unexpected() == 0);
    return batch;
  }

  void await_blocks(const node::Node& node) const {
    const auto end = std::chrono::steady_clock::now() + kLongest;
    while (node.stats().mempool.statements != 0 && !node.failure()) {
      if (global_.stop.stop_requested()) throw Cancelled();
      if (std::chrono::steady_clock::now() > end)
        throw Error(ErrorKind::system, "no block came in 20 seconds");
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    if (const auto failure = node.failure()) throw Error(ErrorKind::system, *failure);
  }

  void show_blocks(node::Node& node) {
    const node::ChainTip tip = node.chain().tip();
    std::size_t statements = 0;
    for (node::Height height = 1; height <= tip.height; ++height)
      statements += node.store().statement_ids(height).size();
    print("{} blocks mined and validated, {} statements in them; the tip is {}\n", tip.height,
          statements, to_hex_reversed(tip.id));
    expect(tip.height > 0);
  }

  void check_receipt(node::Node& node, const Batch& batch) {
    const node::api::ChainReader reader(node::api::parts_of(node, kVersion));
    const auto receipt = reader.receipt(simulate::id_of_message(batch.message(0)));
    const auto trusted =
        [&node](const node::KeyId& id) -> std::optional<engine::signature::PublicKey> {
      if (id != node.validator()->id()) return std::nullopt;
      return node.validator()->public_key();
    };
    const auto holds_for = [&](Bytes statement) {
      if (!receipt) return false;
      const auto checked =
          node::check_receipt(receipt->receipt, statement, node.chain().genesis().id(), trusted);
      return std::holds_alternative<node::Receipt>(checked);
    };
    const bool is_held = holds_for(batch.message(0));
    const bool is_altered_held = holds_for(batch.message(1));
    print("a receipt of {} bytes for it {}; for the tampered message it {}\n",
          receipt ? receipt->receipt.size() : 0, is_held ? "holds" : "FAILS",
          is_altered_held ? "HOLDS, TOO" : "fails, as it must");
    expect(is_held && !is_altered_held);
  }

  /// As `salus node check` does: every header, tree, signature and rule, from genesis on.
  void validate_again() {
    engine::Engine engine(engine_options(global_));
    node::BlockStore store(folder_ / node::kBlocksFolder);
    const node::CheckReport report = node::check_chain(
        node::load_genesis(folder_), engine, node::BlockStoreStorage(store), {global_.stop, {}});
    print("the whole chain validated again in {}: {} statements, {}; {}\n",
          format_duration(report.seconds), report.statements,
          format_rate(static_cast<double>(report.statements) / report.seconds, Unit::statements),
          report.problem ? "NOT VALID: " + *report.problem : "every block is valid");
    expect(!report.problem);
  }

  const Global& global_;
  const bench::ScratchFolder scratch_;
  const std::filesystem::path folder_;
  const simulate::RecordedPacks packs_;
  const std::vector<node::SigningKey> fleet_;
  unsigned failures_ = 0;
};

}  // namespace

unsigned demonstrate_node(const Global& global) { return NodeDemo(global).run(); }

}  // namespace salus::cli
