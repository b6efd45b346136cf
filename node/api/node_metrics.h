// What a node counts, for Prometheus.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "node/api/metric.h"
#include "node/ingest/mempool.h"
#include "node/ingest/pipeline.h"
#include "node/mining/block_producer.h"
#include "node/mining/work_source.h"
#include "node/mqtt/counters.h"
#include "node/nats/counters.h"
#include "node/store/block_store.h"
#include "node/store/intake_log.h"

namespace salus::node::api {

/// Counters by refusal, stages, and sizes of the intake.
void append_metrics(const PipelineStats& stats, std::vector<MetricFamily>& out);
void append_metrics(const MempoolStats& stats, std::vector<MetricFamily>& out);
void append_metrics(const IntakeLogStats& stats, std::vector<MetricFamily>& out);
void append_metrics(const ProducerStats& stats, std::vector<MetricFamily>& out);
void append_metrics(const WorkStats& stats, std::vector<MetricFamily>& out);
void append_metrics(const BlockStoreStats& stats, std::vector<MetricFamily>& out);
void append_metrics(std::span<const engine::DeviceLoad> devices, std::vector<MetricFamily>& out);
void append_metrics(const mqtt::Counters& counters, std::vector<MetricFamily>& out);
void append_metrics(const nats::Counters& counters, std::vector<MetricFamily>& out);

/// A family of one sample without labels.
void append_counter(std::string name, std::string help, double value,
                    std::vector<MetricFamily>& out);
void append_gauge(std::string name, std::string help, double value, std::vector<MetricFamily>& out);

}  // namespace salus::node::api
