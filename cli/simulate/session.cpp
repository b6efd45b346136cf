#include "cli/simulate/session.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "cli/demo_data.h"
#include "cli/input_file.h"
#include "cli/key_passphrase.h"
#include "cli/output.h"
#include "cli/simulate/delivery.h"
#include "cli/simulate/fleet.h"
#include "cli/simulate/generator.h"
#include "cli/simulate/playback.h"
#include "cli/simulate/report.h"
#include "cli/simulate/way.h"
#include "cli/status_line.h"
#include "engine/error.h"
#include "node/node.h"

namespace salus::cli::simulate {
namespace {

/// So many batches are signed or read ahead for each lane.
constexpr std::size_t kAhead = 16;
/// Registrations that are sent together.
constexpr std::size_t kRegistrationsTogether = 100;

std::int64_t microseconds_now() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

unsigned signing_threads() { return std::max(1U, std::thread::hardware_concurrency()); }

client::TlsOptions tls_of(const SessionOptions& options) {
  return {options.authorities, options.certificate, options.key};
}

Patience patience_of(const SessionOptions& options) {
  return {.retry = std::chrono::duration_cast<std::chrono::milliseconds>(
              std::chrono::duration<double>(options.retry_seconds))};
}

/// A way in, what it needs to live, and how it is best used.
struct Connected {
  std::unique_ptr<node::Node> node;  ///< Where it is in this process.
  std::unique_ptr<Way> way;
  std::size_t lanes = 1;
  /// For how long statements may be gathered into a batch, at most.
  double gather_seconds = 1;
};

Connected connect_http(const SessionOptions& options, const client::Endpoint& endpoint) {
  constexpr std::size_t kLanes = 4;
  return {{},
          make_http_way({endpoint, tls_of(options), patience_of(options)}),
          options.connections.value_or(kLanes),
          1};
}

/// Each message is a publish of its own: batches are for ourselves only.
Connected connect_mqtt(const SessionOptions& options, const client::Endpoint& endpoint) {
  constexpr std::size_t kLanes = 10;
  constexpr double kGatherSeconds = 0.005;
  constexpr std::size_t kMaxPassword = 0xFFFF;
  MqttWayOptions way{.endpoint = endpoint, .tls = tls_of(options)};
  const std::size_t lanes = options.connections.value_or(kLanes);
  if (!options.user.empty()) way.username = options.user;
  if (!options.password_file.empty()) {
    const auto content = read_all(options.password_file, kMaxPassword);
    const std::string text(content.begin(), content.end());
    way.password = text.substr(0, text.find_first_of("\r\n"));
  }
  way.topic_prefix = options.topic_prefix;
  way.client_id = fmt::format("salus-simulate-{}", getpid());
  way.in_flight = std::max<std::size_t>(1, options.in_flight / lanes);
  way.patience = patience_of(options);
  return {{}, make_mqtt_way(way), lanes, kGatherSeconds};
}

Connected open_node(const SessionOptions& options) {
  constexpr std::size_t kLanes = 2;
  const node::NodeConfig config = node::load_config(options.to);
  std::optional<node::SigningKey> key;
  if (config.mine)
    key = node::SigningKey::load(std::filesystem::path(options.to) / config.validator_key);
  auto node = std::make_unique<node::Node>(options.to, config, std::move(key));
  auto way = make_sink_way(node->sink(), patience_of(options));
  return {std::move(node), std::move(way), options.connections.value_or(kLanes), 1};
}

Connected connect(const SessionOptions& options) {
  if (!client::is_endpoint(options.to)) return open_node(options);
  const client::Endpoint endpoint = client::parse_endpoint(options.to);
  return endpoint.scheme.starts_with("http") ? connect_http(options, endpoint)
                                             : connect_mqtt(options, endpoint);
}

std::unique_ptr<Packs> packs_of(const SessionOptions& options) {
  if (options.made_up) return std::make_unique<MadeUpPacks>();
  constexpr double kHertzOfDemo = 100;
  const bool is_demo = options.waveform.empty();
  Recording recording =
      is_demo ? read_recording(demo_folder() / "pulse" / "heartpy_data.csv", kHertzOfDemo)
              : read_recording(options.waveform, options.hertz);
  return std::make_unique<RecordedPacks>(std::move(recording), options.pack_seconds);
}

/// Virtual devices, all that they have.
struct Virtual {
  std::vector<node::SigningKey> fleet;
  std::unique_ptr<Packs> packs;
};

Virtual make_virtual(const SessionOptions& options) {
  return {make_fleet({options.devices, options.p256_share, options.seed, options.keys_folder}),
          packs_of(options)};
}

std::vector<Batch> make_registrations(const SessionOptions& options,
                                      const std::vector<node::SigningKey>& fleet,
                                      const Global& global) {
  std::vector<Batch> batches;
  if (options.authority.empty()) return batches;
  const node::SigningKey authority = node::SigningKey::load(
      options.authority,
      passphrase_source(options.passphrase_file, options.authority, global.stop));
  const std::int64_t now = microseconds_now();
  constexpr std::int64_t kMicroseconds = 1'000'000;
  for (std::size_t i = 0; i < fleet.size(); ++i) {
    if (i % kRegistrationsTogether == 0) batches.emplace_back();
    batches.back().append(registration_of(fleet[i], i, authority, now / kMicroseconds,
                                          static_cast<std::uint64_t>(now) + i),
                          Kind::registration);
  }
  return batches;
}

double rate_of(const SessionOptions& options) {
  if (options.rate) return *options.rate;
  return static_cast<double>(options.devices) / options.pack_seconds;
}

std::size_t batch_of(const SessionOptions& options, double rate, const Connected& connected) {
  if (rate <= 0) return options.batch;
  const double gathered = rate / static_cast<double>(connected.lanes) * connected.gather_seconds;
  return std::clamp<std::size_t>(static_cast<std::size_t>(gathered), 1, options.batch);
}

GeneratorOptions generator_options(const SessionOptions& options, std::size_t batch) {
  constexpr std::int64_t kMicroseconds = 1'000'000;
  const std::int64_t now = microseconds_now();
  return {.batch = batch,
          .count = options.count,
          .tampered = options.tampered,
          .replayed = options.replayed,
          .pack_seconds = options.pack_seconds,
          .begin = now / kMicroseconds,
          .first_sequence = static_cast<std::uint64_t>(now),
          .threads = signing_threads()};
}

Pace pace_of(const SessionOptions& options, double rate) {
  Pace pace{rate, {}};
  if (options.duration) pace.duration = std::chrono::duration<double>(*options.duration);
  return pace;
}

/// Sends and tells about it.
class Sender {
 public:
  Sender(const SessionOptions& options, const Global& global)
      : global_(global), tally_(options.acknowledged_file), connected_(connect(options)) {
    connected_.lanes = std::max<std::size_t>(
        1, options.play.empty() ? std::min(connected_.lanes, options.devices) : connected_.lanes);
  }

  [[nodiscard]] const Connected& connected() const { return connected_; }

  /// Devices are to be known before the first of them sends.
  void send_registrations(std::vector<Batch> batches) {
    if (batches.empty()) return;
    Feeds feeds(1, kAhead, {});
    Playback playback(std::move(batches), feeds);
    deliver_all(*connected_.way, feeds, tally_, global_.stop, [] {});
    playback.finish();
  }

  void send_telemetry(Feeds& feeds) {
    const bool is_terminal = isatty(STDOUT_FILENO) != 0;
    Report report(tally_, is_terminal);
    deliver_all(*connected_.way, feeds, tally_, global_.stop, [&] {
      if (global_.quiet) return;
      write_out(report.second());
      flush_out();
    });
    summary_ = report.summary();
  }

  /// To be called when nothing is sent any more.
  int finish() {
    write_out(summary_);
    const Counts counts = tally_.counts();
    if (counts.unanswered() != 0) {
      write_error_line(fmt::format("salus: {} statements were not answered", counts.unanswered()));
      return kDevice;
    }
    return counts.unexpected() == 0 ? kOk : kRefused;
  }

 private:
  const Global& global_;
  Tally tally_;
  Connected connected_;
  std::string summary_;
};

int simulate(const SessionOptions& options, const Global& global) {
  const Virtual devices = make_virtual(options);
  Sender sender(options, global);
  sender.send_registrations(make_registrations(options, devices.fleet, global));
  const double rate = rate_of(options);
  const std::size_t batch = batch_of(options, rate, sender.connected());
  Feeds feeds(sender.connected().lanes, kAhead, pace_of(options, rate));
  Generator generator(devices.fleet, *devices.packs, feeds, generator_options(options, batch));
  sender.send_telemetry(feeds);
  generator.rethrow();
  return sender.finish();
}

int play(const SessionOptions& options, const Global& global) {
  LoadFileReader file(options.play);
  std::vector<Batch> registrations = read_registrations(file, kRegistrationsTogether);
  Sender sender(options, global);
  sender.send_registrations(std::move(registrations));
  const double rate = options.rate.value_or(0);
  const std::size_t batch = batch_of(options, rate, sender.connected());
  Feeds feeds(sender.connected().lanes, kAhead, pace_of(options, rate));
  Playback playback(file, batch, feeds);
  sender.send_telemetry(feeds);
  playback.finish();
  return sender.finish();
}

int sign_into_file(const SessionOptions& options, const Global& global) {
  const Virtual devices = make_virtual(options);
  LoadFileWriter writer(options.out);
  std::uint64_t written = 0;
  for (const Batch& batch : make_registrations(options, devices.fleet, global)) {
    writer.append(batch);
    written += batch.size();
  }
  Feeds feeds(1, kAhead * signing_threads(), {});
  const std::stop_callback on_stop(global.stop, [&feeds] { feeds.stop(); });
  Generator generator(devices.fleet, *devices.packs, feeds,
                      generator_options(options, options.batch));
  while (!feeds.is_over(0)) {
    const auto batch = feeds.take(0, std::chrono::steady_clock::now() + std::chrono::seconds(1));
    if (!batch) continue;
    writer.append(*batch);
    written += batch->size();
    if (!global.quiet) show_status(fmt::format("{} statements signed", written));
  }
  generator.rethrow();
  writer.finish();
  clear_status();
  if (!global.quiet) print("{} statements\n", written);
  return kOk;
}

}  // namespace

int run_session(const SessionOptions& options, const Global& global) {
  if (!options.out.empty()) return sign_into_file(options, global);
  return options.play.empty() ? simulate(options, global) : play(options, global);
}

}  // namespace salus::cli::simulate
