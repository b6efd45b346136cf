// The ways in, besides HTTP, that a node's configuration asks for.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "node/api/metric.h"
#include "node/config.h"
#include "node/ingest/statement_sink.h"
#include "node/nats/counters.h"
#include "node/reload.h"

namespace salus::node {

/// Listens from construction to destruction.
class Listeners {
 public:
  /// `folder` is the node's, where files of the configuration are. `sink` outlives the listeners.
  /// Throws `Error`: (input) for settings and files that cannot be used, (system) where an address
  /// cannot be listened at.
  Listeners(const std::filesystem::path& folder, const NodeConfig& config, StatementSink& sink);
  ~Listeners();
  Listeners(const Listeners&) = delete;
  Listeners& operator=(const Listeners&) = delete;

  /// Reads the files of TLS that listeners have again, each by itself. Thread safe.
  std::vector<Reloaded> reload();

  /// Where clients find them: "mqtt://127.0.0.1:1883", "mqtts://[::1]:8883".
  [[nodiscard]] std::vector<std::string> addresses() const;
  /// What they count, for Prometheus.
  [[nodiscard]] std::vector<api::MetricFamily> metrics() const;
  /// Where statements are fetched from: "stream SALUS of nats://127.0.0.1:4222 as salus-3f9c...".
  [[nodiscard]] std::vector<std::string> sources() const;
  /// Nothing where no stream is configured.
  [[nodiscard]] std::optional<nats::Counters> nats_counters() const;

  /// Whether a client waits for the receipt of a statement that it sent.
  [[nodiscard]] bool is_receipt_awaited(const Digest& id) const;
  void send_receipt(const Digest& id, Bytes receipt);

 private:
  class Mqtt;
  class Nats;
  std::unique_ptr<Mqtt> mqtt_;
  std::unique_ptr<Nats> nats_;
};

}  // namespace salus::node
