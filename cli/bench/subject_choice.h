// Which subjects a benchmark has: from --device and --impl.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/bench/subject.h"

namespace salus::cli::bench {

/// The subjects of --device: "auto" is the engine with its own choice, "all" each device by itself,
/// a comma list those devices. Throws `Error`.
std::vector<std::unique_ptr<Subject>> chosen_subjects(const std::string& devices,
                                                      const engine::CpuOptions& cpu);

/// Each device by itself, for those jobs whose kernels are soon built.
std::vector<std::unique_ptr<Subject>> quick_subjects(const engine::CpuOptions& cpu);

/// Every implementation that the devices of --device ("all", or a comma list) have: each CPU
/// variant on one core and on all, and of every other device first what it chose, then all between
/// which it did. Only those that `work` (as in `SuiteOptions`) is for are opened. Throws `Error`.
std::vector<std::unique_ptr<Subject>> all_implementations(const std::string& devices,
                                                          const engine::CpuOptions& cpu,
                                                          const std::string& work);

}  // namespace salus::cli::bench
