#include "cli/bench/json.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>

#include "cli/bench/machine.h"
#include "cli/bench/statistics.h"
#include "cli/output.h"
#include "cli/version.h"
#include "engine/error.h"

namespace salus::cli::bench {
namespace {

const char* unit_name(Unit unit) {
  switch (unit) {
    case Unit::hashes: return "H/s";
    case Unit::bytes: return "B/s";
    case Unit::leaves: return "leaves/s";
    case Unit::files: return "files/s";
    case Unit::headers: return "headers/s";
    case Unit::blocks: return "blocks/s";
    case Unit::statements: return "statements/s";
    case Unit::records: return "records/s";
    case Unit::signatures: return "signatures/s";
  }
  return "";
}

nlohmann::json series(const std::vector<double>& samples) {
  return {{"samples", samples},
          {"median", median(samples)},
          {"spread", spread(samples)},
          {"percentiles",
           {{"0", percentile(samples, 0)},
            {"10", percentile(samples, 0.1)},
            {"25", percentile(samples, 0.25)},
            {"50", percentile(samples, 0.5)},
            {"75", percentile(samples, 0.75)},
            {"90", percentile(samples, 0.9)},
            {"100", percentile(samples, 1)}}}};
}

template <typename T>
void put(nlohmann::json& json, const char* name, const std::optional<T>& value) {
  if (value) json[name] = *value;
}

nlohmann::json power_json(const PowerUse& power, double rate) {
  const engine::GpuTelemetry& gpu = power.telemetry;
  nlohmann::json json = nlohmann::json::object();
  put(json, "watts", power.watts);
  if (power.watts && *power.watts > 0) json["units_per_joule"] = rate / *power.watts;
  put(json, "limit_watts", gpu.power_limit_watts);
  put(json, "temperature_celsius", gpu.temperature_celsius);
  put(json, "sm_clock_mhz", gpu.sm_clock_mhz);
  put(json, "pcie_generation", gpu.pcie_generation);
  put(json, "pcie_width", gpu.pcie_width);
  put(json, "pcie_generation_max", gpu.pcie_generation_max);
  put(json, "pcie_width_max", gpu.pcie_width_max);
  return json;
}

nlohmann::json row_json(const Row& row) {
  nlohmann::json json = {{"key", row.key()},
                         {"workload", row.workload},
                         {"description", row.description},
                         {"job", engine::to_string(row.job)},
                         {"unit", unit_name(row.unit)},
                         {"device", row.subject.device},
                         {"device_name", row.subject.name},
                         {"driver", row.subject.driver},
                         {"pci_bus_id", row.subject.pci_bus_id},
                         {"kernel", row.kernel},
                         {"forced_variant", row.subject.forced_variant},
                         {"threads", row.subject.threads},
                         {"rate", series(row.samples)},
                         {"openssl_one_core", series(row.reference_samples)},
                         {"ratio", median(row.samples) / median(row.reference_samples)},
                         {"batch", nullptr},
                         {"batch_seconds", nullptr},
                         {"limit", nullptr},
                         {"power", nullptr},
                         {"checksum", to_hex(row.checksum)}};
  put(json, "batch", row.batch);
  put(json, "batch_seconds", row.batch_seconds());
  if (row.limit)
    json["limit"] = {{"rate", row.limit->per_second},
                     {"share", median(row.samples) / row.limit->per_second},
                     {"basis", row.limit->basis}};
  if (row.power) json["power"] = power_json(*row.power, median(row.samples));
  return json;
}

constexpr const char* kNoResult = "not a result of `salus bench --json`";

/// What `compare` looks at is found wrong before the work, not after it.
void require_comparable(const nlohmann::json& row) {
  (void)row.at("key").get_ref<const std::string&>();
  (void)row.at("rate").at("median").get<double>();
}

[[noreturn]] void bad_file(const std::string& path, const std::string& why) {
  throw Error(ErrorKind::input, fmt::format("{}: {}", printable(path), why));
}

}  // namespace

nlohmann::json result_json(const SuiteResult& result, const SuiteOptions& options) {
  nlohmann::json rows = nlohmann::json::array();
  for (const Row& row : result.rows) rows.push_back(row_json(row));
  return {{"schema", "salus-bench"},
          {"schema_version", kSchemaVersion},
          {"created", fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)))},
          {"salus", {{"version", kVersion}, {"git", kGitVersion}, {"compiler", kCompiler}}},
          {"machine", describe_machine(result.core)},
          {"options", {{"work", options.work}, {"duration_s", options.seconds}}},
          {"rows", rows}};
}

nlohmann::json read_result(const std::string& path) {
  std::ifstream stream(path);
  if (!stream) bad_file(path, std::strerror(errno));
  try {
    nlohmann::json json = nlohmann::json::parse(stream);
    if (json.at("schema") != "salus-bench") bad_file(path, kNoResult);
    const int version = json.at("schema_version");
    if (version != kSchemaVersion)
      bad_file(path,
               fmt::format("schema version {}, this program reads {}", version, kSchemaVersion));
    for (const nlohmann::json& row : json.at("rows")) require_comparable(row);
    return json;
  } catch (const nlohmann::json::exception&) {
    bad_file(path, kNoResult);
  }
}

}  // namespace salus::cli::bench
