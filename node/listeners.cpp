#include "node/listeners.h"

#include <utility>

#include "node/api/node_metrics.h"
#include "node/listener_settings.h"
#include "node/mqtt/authenticator.h"
#include "node/mqtt/listener.h"

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

}  // namespace

class Listeners::Mqtt {
 public:
  Mqtt(const path& folder, const MqttConfig& config, StatementSink& sink)
      : is_public_(config.users.empty() && config.tls.client_authority.empty()),
        address_(config.address),
        has_tls_(!config.tls.certificate.empty()),
        authenticator_(users_of(config)),
        listener_(listener_options(folder, config), sink, is_public_ ? nullptr : &authenticator_) {}

  [[nodiscard]] std::string address() const {
    return url_of(has_tls_ ? "mqtts" : "mqtt", address_, listener_.port());
  }
  [[nodiscard]] mqtt::Counters counters() const { return listener_.counters(); }

 private:
  bool is_public_;
  std::string address_;
  bool has_tls_;
  mqtt::PasswordAuthenticator authenticator_;
  mqtt::Listener listener_;
};

Listeners::Listeners(const path& folder, const NodeConfig& config, StatementSink& sink) {
  if (config.mqtt.enabled) mqtt_ = std::make_unique<Mqtt>(folder, config.mqtt, sink);
}

Listeners::~Listeners() = default;

std::vector<api::MetricFamily> Listeners::metrics() const {
  std::vector<api::MetricFamily> all;
  if (mqtt_) api::append_metrics(mqtt_->counters(), all);
  return all;
}

std::vector<std::string> Listeners::addresses() const {
  std::vector<std::string> all;
  if (mqtt_) all.push_back(mqtt_->address());
  return all;
}

}  // namespace salus::node
