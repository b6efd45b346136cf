// Recorded benchmark results: docs/bench-json.md describes the schema.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "cli/bench/suite.h"

namespace salus::cli::bench {

/// Raised whenever a reader of an older version would misread a newer file.
inline constexpr int kSchemaVersion = 1;

nlohmann::json result_json(const SuiteResult& result, const SuiteOptions& options);

/// A file that `result_json` wrote. Throws `Error` (input) naming the file when it is something
/// else.
nlohmann::json read_result(const std::string& path);

}  // namespace salus::cli::bench
