#include "cli/bench/suite.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <sstream>

#include "cli/bench/sampling.h"
#include "engine/error.h"
#include "engine/log.h"

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

/// A driver for the CPU's cores takes a minute to build the kernels of signatures, which then are
/// slower than the CPU's own: nothing for a `quick` look.
std::span<const engine::Job> jobs_for(const engine::DeviceInfo& info, bool quick) {
  static constexpr std::array kQuickJobs = {engine::Job::mine, engine::Job::hash,
                                            engine::Job::merkle};
  if (quick && info.shares_host_cores) return kQuickJobs;
  return engine::kAllJobs;
}

void append_accelerators(std::vector<std::unique_ptr<Subject>>& subjects, bool quick) {
  for (const engine::DeviceInfo& info : engine::list_devices().devices) {
    if (info.backend == engine::Backend::cpu) continue;
    try {
      subjects.push_back(device_subject(info.id(), {}, jobs_for(info, quick)));
    } catch (const Error& error) {
      logging::warn("{} is left out: {}", info.id(), error.what());
    }
  }
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

std::vector<std::unique_ptr<Subject>> quick_subjects(const engine::CpuOptions& cpu) {
  std::vector<std::unique_ptr<Subject>> subjects;
  subjects.push_back(device_subject("cpu", cpu));
  append_accelerators(subjects, true);
  return subjects;
}

std::vector<std::unique_ptr<Subject>> chosen_subjects(const std::string& devices,
                                                      const engine::CpuOptions& cpu) {
  std::vector<std::unique_ptr<Subject>> subjects;
  if (devices == "auto") {
    subjects.push_back(engine_subject({.devices = devices, .cpu = cpu}));
  } else if (devices == "all") {
    subjects.push_back(device_subject("cpu", cpu));
    append_accelerators(subjects, false);
  } else {
    std::istringstream ids(devices);
    for (std::string id; std::getline(ids, id, ',');) subjects.push_back(device_subject(id, cpu));
    if (subjects.empty()) throw Error(ErrorKind::usage, "no device named: --device is empty");
  }
  return subjects;
}

std::vector<std::unique_ptr<Subject>> all_implementations(const engine::CpuOptions& cpu) {
  static constexpr std::array kHashJobs = {engine::Job::mine, engine::Job::hash,
                                           engine::Job::merkle};
  static constexpr std::array kVerifyJobs = {engine::Job::verify};
  std::vector<std::unique_ptr<Subject>> subjects;
  const auto add_cpu = [&](engine::CpuOptions options, std::span<const engine::Job> jobs) {
    options.threads = 1;
    subjects.push_back(device_subject("cpu", options, jobs));
    options.threads = cpu.threads;
    auto on_all_cores = device_subject("cpu", options, jobs);
    if (on_all_cores->info().threads > 1) subjects.push_back(std::move(on_all_cores));
  };
  for (const std::string& variant : engine::cpu_variants())
    if (cpu.variant.empty() || cpu.variant == variant)
      add_cpu({.threads = 0, .variant = variant}, kHashJobs);
  for (const std::string& variant : engine::cpu_verify_variants())
    if (cpu.verify_variant.empty() || cpu.verify_variant == variant)
      add_cpu({.threads = 0, .verify_variant = variant}, kVerifyJobs);
  append_accelerators(subjects, false);
  return subjects;
}

}  // namespace salus::cli::bench
