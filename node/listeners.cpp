#include "node/listeners.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "engine/error.h"
#include "node/mqtt/authenticator.h"
#include "node/mqtt/listener.h"

namespace salus::node {
namespace {

using std::filesystem::path;

/// Users of the configuration, "name:digest" each.
std::vector<mqtt::PasswordAuthenticator::User> read_users(const std::vector<std::string>& entries) {
  std::vector<mqtt::PasswordAuthenticator::User> users;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const std::string& entry = entries[i];
    const std::size_t colon = entry.rfind(':');
    const auto digest =
        colon == std::string::npos ? std::nullopt : digest_from_hex(entry.substr(colon + 1));
    if (!digest || colon == 0)
      throw Error(
          ErrorKind::input,
          fmt::format("configuration, mqtt.users: entry {} is not a name, a colon and 64 hex "
                      "digits",
                      i + 1));
    users.push_back({entry.substr(0, colon), *digest});
  }
  return users;
}

std::optional<mqtt::TlsOptions> tls_options(const path& folder, const MqttConfig& config) {
  if (config.tls_certificate.empty() && config.tls_key.empty()) {
    if (!config.tls_client_authority.empty())
      throw Error(ErrorKind::input,
                  "configuration, mqtt.tls_client_authority: needs tls_certificate and tls_key");
    return std::nullopt;
  }
  mqtt::TlsOptions tls{folder / config.tls_certificate, folder / config.tls_key};
  if (!config.tls_client_authority.empty()) {
    tls.client_authorities = folder / config.tls_client_authority;
    tls.require_client_certificate = config.users.empty();
  }
  return tls;
}

mqtt::ListenerOptions listener_options(const path& folder, const MqttConfig& config) {
  mqtt::ListenerOptions options;
  options.address = config.address;
  options.port = config.port;
  options.tls = tls_options(folder, config);
  options.threads = config.threads;
  options.max_connections = config.max_connections;
  return options;
}

}  // namespace

class Listeners::Mqtt {
 public:
  Mqtt(const path& folder, const MqttConfig& config, StatementSink& sink)
      : is_public_(config.users.empty() && config.tls_client_authority.empty()),
        address_(config.address),
        has_tls_(!config.tls_certificate.empty()),
        authenticator_(read_users(config.users)),
        listener_(listener_options(folder, config), sink, is_public_ ? nullptr : &authenticator_) {}

  [[nodiscard]] std::string address() const {
    const bool is_v6 = address_.find(':') != std::string::npos;
    return fmt::format("{}://{}{}{}:{}", has_tls_ ? "mqtts" : "mqtt", is_v6 ? "[" : "", address_,
                       is_v6 ? "]" : "", listener_.port());
  }

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

std::vector<std::string> Listeners::addresses() const {
  std::vector<std::string> all;
  if (mqtt_) all.push_back(mqtt_->address());
  return all;
}

}  // namespace salus::node
