// How fast a node takes statements in durably, and what that costs: `salus bench ingest`.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <stop_token>
#include <string>

#include "cli/simulate/tally.h"

namespace salus::cli::bench {

enum class IngestWay : std::uint8_t { in_process, http, mqtt };

struct IngestOptions {
  IngestWay way = IngestWay::in_process;
  double seconds = 10;
  std::optional<std::uint64_t> statements;  ///< Signed before; absent: enough for the seconds.
  double rate = 0;                          ///< Statements/s that are sent; 0: as fast as taken.
  std::size_t devices = 1000;
  double p256_share = 0;
  std::size_t batch = 100;
  std::optional<std::size_t> connections;
  std::size_t in_flight = 2000;  ///< MQTT
  bool with_blocks = true;       ///< A block of what waits is made each second.
  std::string folder;            ///< For the node and the statements; empty: the temporary folder.
  std::stop_token stop;
  std::function<void(std::string)> status;  ///< What goes on right now.
};

struct IngestResult {
  simulate::Counts counts;
  double seconds = 0;  ///< From the first statement sent to the last answer.
  std::size_t connections = 0;
  double load_cpu_seconds = 0;  ///< Of those that send; of the whole process where the node has its
                                ///< own.
  double node_cpu_seconds = 0;
  // MiB resident, of the process with the node in it.
  double resident_at_start = 0;
  double resident_when_warm = 0;  ///< After a fifth of the time.
  double resident_at_end = 0;

  [[nodiscard]] double per_second() const;
};

/// Makes a chain whose genesis names the devices, signs, starts a node on a temporary folder (in
/// this process, or for HTTP and MQTT in one of its own), plays, and cleans up. Throws `Error`, and
/// `Cancelled`.
IngestResult measure_ingest(const IngestOptions& options);

std::string ingest_text(const IngestOptions& options, const IngestResult& result);
nlohmann::json ingest_json(const IngestOptions& options, const IngestResult& result);

}  // namespace salus::cli::bench
