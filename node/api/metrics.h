// What /metrics says: the server's own figures, the node's status, and what the node adds.
#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "node/api/node_reader.h"

namespace salus::node::api {

/// The server's own counters. Thread safe.
class HttpMetrics {
 public:
  HttpMetrics();
  ~HttpMetrics();
  HttpMetrics(const HttpMetrics&) = delete;
  HttpMetrics& operator=(const HttpMetrics&) = delete;

  /// A request was answered. `route` is a template ("/v1/statements/{id}"), so that nothing that a
  /// client made up becomes a label.
  void count_request(std::string_view route, unsigned status, std::chrono::duration<double> took);
  void count_statements(std::uint64_t accepted, std::uint64_t refused);
  void count_body_bytes(std::uint64_t bytes);
  void connection_opened();
  void connection_closed();
  /// Closed at once: there are too many.
  void count_refused_connection();
  /// Closed because the client was too slow, or silent.
  void count_timeout();

  /// Everything in Prometheus' text format (0.0.4).
  [[nodiscard]] std::string serialise(const NodeStatus& status, bool ready,
                                      std::span<const MetricFamily> more) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// The media type of what `serialise` gives.
inline constexpr std::string_view kMetricsType = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace salus::node::api
