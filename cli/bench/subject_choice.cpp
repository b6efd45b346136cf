#include "cli/bench/subject_choice.h"

#include <array>
#include <span>
#include <sstream>
#include <utility>

#include "engine/error.h"
#include "engine/implementations.h"
#include "engine/log.h"

namespace salus::cli::bench {
namespace {

using Subjects = std::vector<std::unique_ptr<Subject>>;

constexpr std::array kHashJobs = {engine::Job::mine, engine::Job::hash, engine::Job::merkle};
constexpr std::array kVerifyJobs = {engine::Job::verify};

/// A driver for the CPU's cores takes a minute to build the kernels of signatures, which then are
/// slower than the CPU's own: nothing for a `quick` look.
std::span<const engine::Job> jobs_for(const engine::DeviceInfo& info, bool quick) {
  if (quick && info.shares_host_cores) return kHashJobs;
  return engine::kAllJobs;
}

/// Calls `add` with every device beside the CPU; what it throws leaves that device out.
template <typename Add>
void for_each_accelerator(const Add& add) {
  for (const engine::DeviceInfo& info : engine::list_devices().devices) {
    if (info.backend == engine::Backend::cpu) continue;
    try {
      add(info);
    } catch (const Error& error) {
      logging::warn("{} is left out: {}", info.id(), error.what());
    }
  }
}

void append_accelerators(Subjects& subjects, bool quick) {
  for_each_accelerator([&](const engine::DeviceInfo& info) {
    subjects.push_back(device_subject(info.id(), {}, jobs_for(info, quick)));
  });
}

std::vector<std::string> split_ids(const std::string& devices) {
  std::vector<std::string> ids;
  std::istringstream list(devices);
  for (std::string id; std::getline(list, id, ',');) ids.push_back(id);
  if (ids.empty()) throw Error(ErrorKind::usage, "no device named: --device is empty");
  return ids;
}

/// On one core, and on all where there are more.
void append_cpu(Subjects& subjects, engine::CpuOptions options, std::span<const engine::Job> jobs) {
  const unsigned threads = options.threads;
  options.threads = 1;
  subjects.push_back(device_subject("cpu", options, jobs));
  options.threads = threads;
  auto on_all_cores = device_subject("cpu", options, jobs);
  if (on_all_cores->info().threads > 1) subjects.push_back(std::move(on_all_cores));
}

bool has_hash_jobs(const std::string& work) { return work != "verify"; }
bool has_verify_jobs(const std::string& work) { return work == "verify" || work == "all"; }

void append_cpu_variants(Subjects& subjects, const engine::CpuOptions& cpu,
                         const std::string& work) {
  const auto one_or_all = [](const std::string& one, std::vector<std::string> all) {
    return one.empty() ? all : std::vector{one};
  };
  if (has_hash_jobs(work))
    for (const std::string& variant : one_or_all(cpu.variant, engine::cpu_variants()))
      append_cpu(subjects, {.threads = cpu.threads, .variant = variant}, kHashJobs);
  if (has_verify_jobs(work))
    for (const std::string& variant : one_or_all(cpu.verify_variant, engine::cpu_verify_variants()))
      append_cpu(subjects, {.threads = cpu.threads, .verify_variant = variant}, kVerifyJobs);
}

void append_implementations(Subjects& subjects, const std::string& id, const std::string& work) {
  subjects.push_back(device_subject(id, {}));
  if (!has_hash_jobs(work)) return;
  for (const std::string& implementation : engine::implementations(id))
    subjects.push_back(device_subject(id, {}, kHashJobs, implementation));
}

}  // namespace

Subjects chosen_subjects(const std::string& devices, const engine::CpuOptions& cpu) {
  Subjects subjects;
  if (devices == "auto") {
    subjects.push_back(engine_subject({.devices = devices, .cpu = cpu}));
  } else if (devices == "all") {
    subjects.push_back(device_subject("cpu", cpu));
    append_accelerators(subjects, false);
  } else {
    for (const std::string& id : split_ids(devices)) subjects.push_back(device_subject(id, cpu));
  }
  return subjects;
}

Subjects quick_subjects(const engine::CpuOptions& cpu) {
  Subjects subjects;
  subjects.push_back(device_subject("cpu", cpu));
  append_accelerators(subjects, true);
  return subjects;
}

Subjects all_implementations(const std::string& devices, const engine::CpuOptions& cpu,
                             const std::string& work) {
  Subjects subjects;
  if (devices == "all") {
    append_cpu_variants(subjects, cpu, work);
    for_each_accelerator(
        [&](const engine::DeviceInfo& info) { append_implementations(subjects, info.id(), work); });
    return subjects;
  }
  for (const std::string& id : split_ids(devices)) {
    if (id == "cpu")
      append_cpu_variants(subjects, cpu, work);
    else
      append_implementations(subjects, id, work);
  }
  return subjects;
}

}  // namespace salus::cli::bench
