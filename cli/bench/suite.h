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

/// The subjects of --device: "auto" is the engine with its own choice, "all" each device by itself,
/// a comma list those devices.
std::vector<std::unique_ptr<Subject>> chosen_subjects(const std::string& devices,
                                                      const engine::CpuOptions& cpu);

/// Each device by itself, for those jobs whose kernels are soon built.
std::vector<std::unique_ptr<Subject>> quick_subjects(const engine::CpuOptions& cpu);

/// Every implementation that can run here: each CPU variant on one core and on all, each device.
std::vector<std::unique_ptr<Subject>> all_implementations(const engine::CpuOptions& cpu);

}  // namespace salus::cli::bench
