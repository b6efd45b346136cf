#include "node/api/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <iterator>

namespace salus::node::api {
namespace {

using Labels = std::map<std::string, std::string>;

prometheus::MetricFamily converted(const MetricFamily& family) {
  prometheus::MetricFamily out;
  out.name = family.name;
  out.help = family.help;
  const bool counts = family.kind == MetricKind::counter;
  out.type = counts ? prometheus::MetricType::Counter : prometheus::MetricType::Gauge;
  for (const MetricSample& sample : family.samples) {
    prometheus::ClientMetric metric;
    for (const auto& [name, value] : sample.labels) metric.label.push_back({name, value});
    (counts ? metric.counter.value : metric.gauge.value) = sample.value;
    out.metric.push_back(std::move(metric));
  }
  return out;
}

MetricFamily single(std::string name, std::string help, MetricKind kind, double value) {
  return {std::move(name), std::move(help), kind, {{{}, value}}};
}

double number(std::uint64_t value) { return static_cast<double>(value); }

/// A figure of each stage.
template <typename Value>
MetricFamily of_stages(const NodeStatus& status, std::string name, std::string help, Value value) {
  MetricFamily family{std::move(name), std::move(help), MetricKind::gauge, {}};
  for (const StageStatus& stage : status.stages)
    family.samples.push_back({{{"stage", stage.name}}, value(stage)});
  return family;
}

MetricFamily stage_latency(const NodeStatus& status) {
  MetricFamily family{
      "salus_stage_latency_seconds", "Time in a stage of the way in.", MetricKind::gauge, {}};
  for (const StageStatus& stage : status.stages) {
    family.samples.push_back({{{"stage", stage.name}, {"quantile", "0.5"}}, stage.latency_p50});
    family.samples.push_back({{{"stage", stage.name}, {"quantile", "0.99"}}, stage.latency_p99});
  }
  return family;
}

std::vector<MetricFamily> of_status(const NodeStatus& status, bool ready) {
  using enum MetricKind;
  return {
      single("salus_ready", "Whether the node can work: 1 or 0.", gauge, ready ? 1 : 0),
      single("salus_mining", "Whether the node mines: 1 or 0.", gauge, status.mining ? 1 : 0),
      single("salus_chain_height", "Height of the best chain.", gauge, number(status.height)),
      single("salus_chain_final_height", "Height of the last final block.", gauge,
             number(status.final_height)),
      single("salus_chain_work", "Work of the best chain: hashes expected.", gauge,
             status.total_work.to_double()),
      single("salus_chain_tip_time_seconds", "Time of the last block, since 1970.", gauge,
             status.tip_time),
      single("salus_statements_waiting", "Statements taken in that are in no block yet.", gauge,
             number(status.waiting)),
      single("salus_statements_accepted_total", "Statements taken in, by all ways.", counter,
             number(status.accepted)),
      single("salus_statements_refused_total", "Statements refused, by all ways.", counter,
             number(status.refused)),
      of_stages(status, "salus_stage_depth", "Statements that wait for a stage.",
                [](const StageStatus& stage) { return number(stage.depth); }),
      of_stages(status, "salus_stage_capacity", "Statements that may wait for a stage.",
                [](const StageStatus& stage) { return number(stage.capacity); }),
      of_stages(status, "salus_stage_duty_ratio", "Share of the time that a stage worked.",
                [](const StageStatus& stage) { return stage.duty; }),
      stage_latency(status),
  };
}

const prometheus::Histogram::BucketBoundaries kSeconds{0.001, 0.0025, 0.005, 0.01, 0.02, 0.05,
                                                       0.1,   0.25,   0.5,   1,    2.5,  10};

}  // namespace

class HttpMetrics::Impl {
 public:
  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>& requests = prometheus::BuildCounter()
                                                          .Name("salus_http_requests_total")
                                                          .Help("Requests answered.")
                                                          .Register(registry);
  prometheus::Family<prometheus::Histogram>& seconds =
      prometheus::BuildHistogram()
          .Name("salus_http_request_seconds")
          .Help("From a request's header to its answer.")
          .Register(registry);
  prometheus::Family<prometheus::Counter>& statements =
      prometheus::BuildCounter()
          .Name("salus_http_statements_total")
          .Help("Statements that came by HTTP, by outcome.")
          .Register(registry);
  prometheus::Counter& accepted = statements.Add({{"outcome", "accepted"}});
  prometheus::Counter& refused = statements.Add({{"outcome", "refused"}});
  prometheus::Counter& body_bytes = counter("salus_http_body_bytes_total", "Bodies read.");
  prometheus::Counter& refused_connections =
      counter("salus_http_connections_refused_total", "Closed at once: too many were open.");
  prometheus::Counter& timeouts =
      counter("salus_http_timeouts_total", "Closed because the client was slow or silent.");
  prometheus::Gauge& connections = prometheus::BuildGauge()
                                       .Name("salus_http_connections")
                                       .Help("Connections that are open.")
                                       .Register(registry)
                                       .Add({});

 private:
  prometheus::Counter& counter(const char* name, const char* help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry).Add({});
  }
};

HttpMetrics::HttpMetrics() : impl_(std::make_unique<Impl>()) {}
HttpMetrics::~HttpMetrics() = default;

void HttpMetrics::count_request(std::string_view route, unsigned status,
                                std::chrono::duration<double> took) {
  const std::string name(route);
  impl_->requests.Add({{"route", name}, {"status", std::to_string(status)}}).Increment();
  impl_->seconds.Add({{"route", name}}, kSeconds).Observe(took.count());
}

void HttpMetrics::count_statements(std::uint64_t accepted, std::uint64_t refused) {
  impl_->accepted.Increment(number(accepted));
  impl_->refused.Increment(number(refused));
}

void HttpMetrics::count_body_bytes(std::uint64_t bytes) {
  impl_->body_bytes.Increment(number(bytes));
}

void HttpMetrics::connection_opened() { impl_->connections.Increment(); }
void HttpMetrics::connection_closed() { impl_->connections.Decrement(); }
void HttpMetrics::count_refused_connection() { impl_->refused_connections.Increment(); }
void HttpMetrics::count_timeout() { impl_->timeouts.Increment(); }

std::string HttpMetrics::serialise(const NodeStatus& status, bool ready,
                                   std::span<const MetricFamily> more) const {
  std::vector<prometheus::MetricFamily> families = impl_->registry.Collect();
  for (const MetricFamily& family : of_status(status, ready)) families.push_back(converted(family));
  for (const MetricFamily& family : more) families.push_back(converted(family));
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace salus::node::api
