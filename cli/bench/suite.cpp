#include "cli/bench/suite.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "cli/bench/sampling.h"
#include "engine/error.h"

namespace salus::cli::bench {
namespace {

/// OpenSSL's rate is known well enough after this share of a row's time.
constexpr double kReferenceShare = 0.25;

Row measure(Workload& workload, Subject& subject, const SuiteOptions& options) {
  Row row;
  row.workload = workload.name();
  row.description = workload.description();
  row.job = workload.job();
  row.unit = workload.unit();
  row.batch = workload.batch();
  row.subject = subject.info();
  row.kernel = workload.kernel_among(subject.kernels(workload.job()));
  workload.prepare(subject);
  const Work work = [&](double amount) { return workload.run(subject, amount); };
  const PowerMeter meter(row.subject.pci_bus_id);
  row.samples = sample_rates(work, options.seconds, options.stop);
  row.power = meter.stop();
  row.checksum = workload.check(subject);
  return row;
}

/// A forced variant that knows only one algorithm leaves the other to kernels that have a row
/// already.
bool is_measured(std::span<const Row> rows, const Workload& workload, Subject& subject) {
  const std::string kernel = workload.kernel_among(subject.kernels(workload.job()));
  return std::ranges::any_of(rows, [&](const Row& row) {
    return row.workload == workload.name() && row.kernel == kernel &&
           row.subject.device == subject.info().device &&
           row.subject.threads == subject.info().threads;
  });
}

std::vector<std::unique_ptr<Workload>> make_workloads(const SuiteOptions& options) {
  if (options.work == "verify") return verify_workloads(options.verify);
  auto workloads = make_hash_workloads(options.work);
  if (options.work == "all")
    std::ranges::move(typical_verify_workloads(options.verify), std::back_inserter(workloads));
  return workloads;
}

}  // namespace

SuiteResult run_suite(const SuiteOptions& options,
                      std::vector<std::unique_ptr<Subject>>& subjects) {
  const auto status = [&](const std::string& text) {
    if (options.status) options.status(text);
  };
  SuiteResult result;
  result.core = measure_core_speed();
  for (const auto& workload : make_workloads(options)) {
    status(fmt::format("{}: OpenSSL on one core", workload->name()));
    const Work reference = [&](double amount) { return workload->run_reference(amount); };
    const std::vector<double> reference_samples =
        sample_rates(reference, options.seconds * kReferenceShare, options.stop);
    for (const auto& subject : subjects) {
      if (!subject->can(workload->job()) || is_measured(result.rows, *workload, *subject)) continue;
      status(fmt::format("{}: {}", workload->name(), subject->info().device));
      Row row = measure(*workload, *subject, options);
      row.reference_samples = reference_samples;
      row.limit = limit_of(row.workload, row.kernel, row.subject, result.core);
      result.rows.push_back(std::move(row));
    }
  }
  if (result.rows.empty())
    throw Error(ErrorKind::usage, fmt::format("no device named can do `{}`", options.work));
  return result;
}

}  // namespace salus::cli::bench
