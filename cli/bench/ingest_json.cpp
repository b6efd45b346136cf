#include <nlohmann/json.hpp>

#include "cli/bench/ingest.h"
#include "cli/simulate/report.h"

namespace salus::cli::bench {
namespace {

const char* word_for(IngestWay way) {
  switch (way) {
    case IngestWay::in_process: return "inproc";
    case IngestWay::http: return "http";
    case IngestWay::mqtt: return "mqtt";
  }
  return "";
}

}  // namespace

nlohmann::json ingest_json(const IngestOptions& options, const IngestResult& result) {
  const simulate::Counts& counts = result.counts;
  return {{"schema", "salus.bench-ingest/1"},
          {"way", word_for(options.way)},
          {"devices", options.devices},
          {"p256_share", options.p256_share},
          {"batch", options.batch},
          {"connections", result.connections},
          {"blocks", options.with_blocks},
          {"seconds", result.seconds},
          {"sent", counts.sent},
          {"acknowledged", counts.acknowledged()},
          {"unanswered", counts.unanswered()},
          {"refused", simulate::refused_json(counts)},
          {"statements_per_s", result.per_second()},
          {"p50_ms", counts.p50_seconds * 1e3},
          {"p99_ms", counts.p99_seconds * 1e3},
          {"max_ms", counts.max_seconds * 1e3},
          {"resident_mib",
           {{"start", result.resident_at_start},
            {"warm", result.resident_when_warm},
            {"end", result.resident_at_end}}},
          {"cpu_seconds", {{"node", result.node_cpu_seconds}, {"load", result.load_cpu_seconds}}}};
}

}  // namespace salus::cli::bench
