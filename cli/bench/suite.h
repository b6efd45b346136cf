// Runs workloads on subjects and collects rows.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "cli/bench/row.h"
#include "cli/bench/verify_workload.h"

namespace salus::cli::bench {

struct SuiteOptions {
  std::string work = "all";  ///< "mine", "hash", "merkle", "verify", "all".
  VerifyWork verify;         ///< Matters to "verify" and "all".
  double seconds = 1;        ///< Time that the samples of one row take together.
  std::stop_token stop;
  std::function<void(const std::string&)> status;  ///< Told what is being done; may be empty.
};

struct SuiteResult {
  std::vector<Row> rows;
  CoreSpeed core;  ///< Measured in this run.
};

/// Every workload on every subject, grouped by workload. A row is there only when its results were
/// the same as OpenSSL's; throws `Error` (device) when they were not, and (usage) when none of the
/// subjects can do any of the work.
SuiteResult run_suite(const SuiteOptions& options, std::vector<std::unique_ptr<Subject>>& subjects);

}  // namespace salus::cli::bench
