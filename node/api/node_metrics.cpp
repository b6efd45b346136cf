#include "node/api/node_metrics.h"

#include <string>
#include <utility>

namespace salus::node::api {
namespace {

using Families = std::vector<MetricFamily>;

constexpr double kSecondsPerMillisecond = 1e-3;

template <typename Integer>
double number(Integer value) {
  return static_cast<double>(value);
}

/// A counter with a sample for each reason.
void append_by_reason(std::string name, std::string help, std::span<const std::uint64_t> counts,
                      Families& out) {
  MetricFamily family{std::move(name), std::move(help), MetricKind::counter, {}};
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const std::string reason(to_string(static_cast<Refusal>(i)));
    family.samples.push_back({{{"reason", reason}}, number(counts[i])});
  }
  out.push_back(std::move(family));
}

/// A counter with a sample for each stage.
template <typename Value>
void append_by_stage(std::string name, std::string help, const PipelineStats& stats, Value value,
                     Families& out) {
  MetricFamily family{std::move(name), std::move(help), MetricKind::counter, {}};
  for (const StageStats& stage : stats.stages)
    family.samples.push_back({{{"stage", stage.name}}, value(stage)});
  out.push_back(std::move(family));
}

}  // namespace

void append_counter(std::string name, std::string help, double value, Families& out) {
  out.push_back({std::move(name), std::move(help), MetricKind::counter, {{{}, value}}});
}

void append_gauge(std::string name, std::string help, double value, Families& out) {
  out.push_back({std::move(name), std::move(help), MetricKind::gauge, {{{}, value}}});
}

void append_metrics(const PipelineStats& stats, Families& out) {
  append_by_reason("salus_refusals_total", "Statements refused, by the reason.", stats.refused,
                   out);
  append_counter("salus_intake_submitted_total", "Statements handed to the intake.",
                 number(stats.submitted), out);
  append_counter("salus_intake_verified_total", "Signatures checked by the intake.",
                 number(stats.verified), out);
  append_counter("salus_intake_turned_away_total", "Submissions for which there was no room.",
                 number(stats.turned_away), out);
  append_counter("salus_intake_log_failures_total", "Batches that the log did not take.",
                 number(stats.log_failures), out);
  append_gauge("salus_intake_waiting", "Statements taken that are not answered yet.",
               number(stats.waiting_statements), out);
  append_gauge("salus_intake_waiting_bytes", "Bytes of these statements.",
               number(stats.waiting_bytes), out);
  out.push_back(
      {"salus_intake_latency_seconds",
       "From taken to answered, since the start.",
       MetricKind::gauge,
       {{{{"quantile", "0.5"}}, stats.p50_seconds}, {{{"quantile", "0.99"}}, stats.p99_seconds}}});
  append_by_stage(
      "salus_stage_statements_total", "Statements that have left a stage.", stats,
      [](const StageStats& stage) { return number(stage.statements); }, out);
  append_by_stage(
      "salus_stage_batches_total", "Batches that have left a stage.", stats,
      [](const StageStats& stage) { return number(stage.batches); }, out);
  append_by_stage(
      "salus_stage_busy_seconds_total", "Time that a stage worked.", stats,
      [](const StageStats& stage) { return stage.busy_seconds; }, out);
}

void append_metrics(const MempoolStats& stats, Families& out) {
  append_gauge("salus_mempool_bytes", "What waiting statements take up.", number(stats.bytes), out);
  append_counter("salus_mempool_included_total", "Statements that left with a block.",
                 number(stats.included), out);
  append_counter("salus_mempool_put_back_total",
                 "Statements from the log at the start, and from blocks taken off the chain.",
                 number(stats.put_back), out);
  append_by_reason("salus_mempool_dropped_total",
                   "Statements that no block can have any more, by the reason.", stats.dropped,
                   out);
}

void append_metrics(const IntakeLogStats& stats, Families& out) {
  append_counter("salus_log_records_total", "Records made durable.", number(stats.records), out);
  append_counter("salus_log_bytes_total", "Bytes of these records.", number(stats.bytes), out);
  append_counter("salus_log_syncs_total", "Groups of records synced.", number(stats.syncs), out);
  append_counter("salus_log_refused_total", "Records that a full disk refused.",
                 number(stats.refused), out);
  append_gauge("salus_log_segments", "Files of the log.", number(stats.segments), out);
  append_gauge("salus_log_disk_bytes", "Bytes of these files.", number(stats.on_disk), out);
  append_gauge("salus_log_pending_bytes", "Bytes that wait to be written.", number(stats.pending),
               out);
  append_gauge("salus_log_last_sync_seconds", "How long the last write and sync took.",
               stats.last_sync_ms * kSecondsPerMillisecond, out);
}

void append_metrics(const ProducerStats& stats, Families& out) {
  out.push_back({"salus_producer_blocks_total",
                 "Blocks that this node made, by what became of them.",
                 MetricKind::counter,
                 {{{{"outcome", "on_chain"}}, number(stats.blocks)},
                  {{{"outcome", "stale"}}, number(stats.stale)},
                  {{{"outcome", "refused"}}, number(stats.refused)}}});
  append_counter("salus_producer_templates_total", "Blocks put together to be mined.",
                 number(stats.templates), out);
  append_counter("salus_producer_hashes_total", "Headers hashed.", number(stats.hashes), out);
  append_gauge("salus_producer_build_seconds", "How long the last block took to be put together.",
               stats.build_seconds, out);
  append_gauge("salus_producer_add_seconds",
               "How long the last block took to be validated and stored.", stats.add_seconds, out);
}

void append_metrics(const WorkStats& stats, Families& out) {
  append_counter("salus_getwork_templates_total", "Blocks put together for miners outside.",
                 number(stats.templates), out);
  append_counter("salus_getwork_headers_total", "Headers handed out to them.",
                 number(stats.handed_out), out);
  MetricFamily verdicts{"salus_getwork_submissions_total",
                        "Headers that they brought, by what became of them.",
                        MetricKind::counter,
                        {}};
  for (std::size_t i = 0; i < stats.verdicts.size(); ++i) {
    const std::string outcome(to_string(static_cast<WorkVerdict>(i)));
    verdicts.samples.push_back({{{"outcome", outcome}}, number(stats.verdicts[i])});
  }
  out.push_back(std::move(verdicts));
}

void append_metrics(const nats::Counters& counters, Families& out) {
  append_gauge("salus_nats_connected", "Whether a NATS server with the stream is connected.",
               counters.is_connected ? 1 : 0, out);
  append_gauge("salus_nats_held_messages", "Messages of NATS fetched and not answered yet.",
               number(counters.held), out);
  append_gauge("salus_nats_backlog_messages", "Messages that the stream had for us lately.",
               number(counters.backlog), out);
  append_counter("salus_nats_connections_total", "Connections to NATS servers.",
                 number(counters.connections), out);
  append_counter("salus_nats_fetched_total", "Messages fetched.", number(counters.fetched), out);
  append_counter("salus_nats_redelivered_total", "Messages fetched that had come before.",
                 number(counters.redelivered), out);
  append_counter("salus_nats_acknowledged_total", "Messages acknowledged.",
                 number(counters.acknowledged), out);
  append_counter("salus_nats_deferred_total", "Messages that are to come again.",
                 number(counters.deferred), out);
  append_counter("salus_nats_refused_total", "Statements refused that came by NATS.",
                 number(counters.refused), out);
  append_counter("salus_nats_stalls_total", "How often nothing was fetched for want of room.",
                 number(counters.stalls), out);
  append_counter("salus_nats_received_bytes_total", "Bytes of the messages.",
                 number(counters.bytes), out);
}

void append_metrics(const mqtt::Counters& counters, Families& out) {
  append_gauge("salus_mqtt_connections", "MQTT connections that are open.",
               number(counters.connections), out);
  append_gauge("salus_mqtt_held_bytes", "Bytes of statements that came by MQTT, not answered yet.",
               number(counters.held_bytes), out);
  append_counter("salus_mqtt_connections_total", "MQTT connections since the start.",
                 number(counters.accepted), out);
  append_counter("salus_mqtt_publishes_total", "PUBLISH packets.", number(counters.publishes), out);
  append_counter("salus_mqtt_acknowledged_total", "PUBACK packets.", number(counters.acknowledged),
                 out);
  append_counter("salus_mqtt_refused_total", "Statements refused that came by MQTT.",
                 number(counters.refused), out);
  append_counter("salus_mqtt_overloaded_total", "Statements by MQTT that nobody looked at.",
                 number(counters.overloaded), out);
  append_counter("salus_mqtt_stalls_total", "How often a connection was no longer read from.",
                 number(counters.stalls), out);
  append_counter("salus_mqtt_received_bytes_total", "Bytes received.",
                 number(counters.bytes_received), out);
  append_counter("salus_mqtt_sent_bytes_total", "Bytes sent.", number(counters.bytes_sent), out);
  MetricFamily closed{
      "salus_mqtt_closed_total", "Connections that ended, by why.", MetricKind::counter, {}};
  for (std::size_t i = 0; i < counters.closed.size(); ++i) {
    const std::string reason(to_string(static_cast<mqtt::CloseReason>(i)));
    closed.samples.push_back({{{"reason", reason}}, number(counters.closed[i])});
  }
  out.push_back(std::move(closed));
}

void append_metrics(std::span<const engine::DeviceLoad> devices, Families& out) {
  MetricFamily busy{
      "salus_device_busy_seconds_total",
      "Time that a device worked for the intake and for blocks; work side by side counts each.",
      MetricKind::counter,
      {}};
  for (const engine::DeviceLoad& device : devices)
    busy.samples.push_back({{{"device", device.id}}, device.busy_seconds});
  out.push_back(std::move(busy));
}

void append_metrics(const BlockStoreStats& stats, Families& out) {
  append_gauge("salus_store_disk_bytes", "Live data files of the block store.",
               number(stats.disk_bytes), out);
  append_gauge("salus_store_memory_bytes", "Cache and unwritten data of the block store.",
               number(stats.memory_bytes), out);
  append_gauge("salus_store_side_blocks", "Blocks kept beside the chain.",
               number(stats.side_blocks), out);
}

}  // namespace salus::node::api
