// The ways in, besides HTTP, that a node's configuration asks for.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "node/api/metric.h"
#include "node/config.h"
#include "node/ingest/statement_sink.h"

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

  /// Where clients find them: "mqtt://127.0.0.1:1883", "mqtts://[::1]:8883".
  [[nodiscard]] std::vector<std::string> addresses() const;
  /// What they count, for Prometheus.
  [[nodiscard]] std::vector<api::MetricFamily> metrics() const;

 private:
  class Mqtt;
  std::unique_ptr<Mqtt> mqtt_;
};

}  // namespace salus::node
