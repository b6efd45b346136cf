#include "node/listeners.h"

#include <fmt/format.h>

#include <utility>

#include "engine/error.h"
#include "node/api/node_metrics.h"
#include "node/listener_settings.h"
#include "node/mqtt/authenticator.h"
#include "node/mqtt/listener.h"
#include "node/nats/consumer.h"
#include "node/nats/durable_name.h"

namespace salus::node {
namespace {

using std::filesystem::path;

std::vector<mqtt::PasswordAuthenticator::User> users_of(const MqttConfig& config) {
  std::vector<mqtt::PasswordAuthenticator::User> users;
  for (UserEntry& user : read_users(config.users, "mqtt.users"))
    users.push_back({std::move(user.name), user.password_sha256});
  return users;
}

mqtt::ListenerOptions listener_options(const path& folder, const MqttConfig& config) {
  mqtt::ListenerOptions options;
  options.address = config.address;
  options.port = config.port;
  options.tls = tls_files(folder, config.tls, "mqtt");
  options.require_client_certificate = !config.tls.client_authority.empty() && config.users.empty();
  options.threads = config.threads;
  options.max_connections = config.max_connections;
  return options;
}

std::optional<nats::TlsOptions> tls_options(const path& folder, const NatsConfig& config) {
  if (config.tls_authority.empty()) {
    if (!config.tls_certificate.empty())
      throw Error(ErrorKind::input, "configuration, nats.tls_certificate: needs tls_authority");
    return std::nullopt;
  }
  nats::TlsOptions tls{.authorities = folder / config.tls_authority};
  if (!config.tls_certificate.empty()) tls.certificate = folder / config.tls_certificate;
  if (!config.tls_key.empty()) tls.private_key = folder / config.tls_key;
  tls.server_name = config.tls_server_name;
  return tls;
}

nats::ConsumerOptions consumer_options(const path& folder, const NatsConfig& config) {
  nats::ConsumerOptions options;
  options.servers = config.servers;
  options.tls = tls_options(folder, config);
  options.user = config.user;
  if (!config.password_file.empty()) options.password_file = folder / config.password_file;
  if (!config.credentials_file.empty()) options.credentials = folder / config.credentials_file;
  options.stream = config.stream;
  options.subjects = config.subjects;
  options.durable = config.durable.empty() ? nats::kept_durable_name(folder) : config.durable;
  options.inbox_prefix = config.inbox_prefix;
  options.refused_prefix = config.refused_prefix;
  options.batch = config.batch;
  options.fetches = config.fetches;
  options.fetch_bytes = config.fetch_bytes;
  options.ack_wait = config.ack_wait;
  options.create_stream = config.create_stream;
  options.new_stream.replicas = static_cast<std::int64_t>(config.stream_replicas);
  options.new_stream.max_bytes = config.stream_max_bytes;
  options.new_stream.max_age = config.stream_max_age;
  if (config.stream_refuse_when_full) options.new_stream.when_full = nats::WhenFull::refuse_new;
  return options;
}

std::string listed(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  return list;
}

}  // namespace

class Listeners::Mqtt {
 public:
  Mqtt(const path& folder, const MqttConfig& config, StatementSink& sink)
      : is_public_(config.users.empty() && config.tls.client_authority.empty()),
        address_(config.address),
        certificate_(config.tls.certificate.empty() ? path() : folder / config.tls.certificate),
        authenticator_(users_of(config)),
        listener_(listener_options(folder, config), sink, is_public_ ? nullptr : &authenticator_) {}

  [[nodiscard]] std::string address() const {
    return url_of(has_tls() ? "mqtts" : "mqtt", address_, listener_.port());
  }
  [[nodiscard]] bool has_tls() const { return !certificate_.empty(); }
  std::string reload_tls() {
    listener_.reload_tls();
    return fmt::format("TLS certificate of MQTT {}", certificate_.string());
  }
  [[nodiscard]] mqtt::Counters counters() const { return listener_.counters(); }
  [[nodiscard]] mqtt::Listener& listener() { return listener_; }

 private:
  bool is_public_;
  std::string address_;
  path certificate_;  // Empty: no TLS.
  mqtt::PasswordAuthenticator authenticator_;
  mqtt::Listener listener_;
};

class Listeners::Nats {
 public:
  Nats(const nats::ConsumerOptions& options, StatementSink& sink)
      : source_(fmt::format("stream {} of {} as {}", options.stream, listed(options.servers),
                            options.durable)),
        consumer_(options, sink) {}

  [[nodiscard]] const std::string& source() const { return source_; }
  [[nodiscard]] nats::Counters counters() const { return consumer_.counters(); }

 private:
  std::string source_;
  nats::Consumer consumer_;
};

Listeners::Listeners(const path& folder, const NodeConfig& config, StatementSink& sink) {
  if (config.mqtt.enabled) mqtt_ = std::make_unique<Mqtt>(folder, config.mqtt, sink);
  if (config.nats.enabled)
    nats_ = std::make_unique<Nats>(consumer_options(folder, config.nats), sink);
}

Listeners::~Listeners() = default;

std::vector<api::MetricFamily> Listeners::metrics() const {
  std::vector<api::MetricFamily> all;
  if (mqtt_) api::append_metrics(mqtt_->counters(), all);
  if (nats_) api::append_metrics(nats_->counters(), all);
  return all;
}

std::vector<Reloaded> Listeners::reload() {
  std::vector<Reloaded> all;
  if (mqtt_ && mqtt_->has_tls())
    all.push_back(node::reload([this] { return mqtt_->reload_tls(); }));
  return all;
}

std::vector<std::string> Listeners::addresses() const {
  std::vector<std::string> all;
  if (mqtt_) all.push_back(mqtt_->address());
  return all;
}

std::vector<std::string> Listeners::sources() const {
  std::vector<std::string> all;
  if (nats_) all.push_back(nats_->source());
  return all;
}

std::optional<nats::Counters> Listeners::nats_counters() const {
  return nats_ ? std::optional(nats_->counters()) : std::nullopt;
}

bool Listeners::is_receipt_awaited(const Digest& id) const {
  return mqtt_ && mqtt_->listener().is_receipt_awaited(id);
}

void Listeners::send_receipt(const Digest& id, Bytes receipt) {
  if (mqtt_) mqtt_->listener().send_receipt(id, receipt);
}

}  // namespace salus::node
