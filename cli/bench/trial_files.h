// How fast a sealed study's files are verified, beside sha256sum and rhash on the same files.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/cpu/cpu_backend.h"

namespace salus::cli::bench {

struct TrialFilesWork {
  std::uint64_t small_files = 100'000;  ///< Of 4 KiB.
  std::uint64_t large_files = 8;
  std::uint64_t large_mib = 256;  ///< Size of each of those.
  unsigned rounds = 5;
  std::string folder;  ///< For the data; in memory where that is there, when empty.
  engine::CpuOptions cpu;
  std::stop_token stop;
  std::function<void(const std::string&)> status;  ///< What is being done; may be empty.
};

/// One program on one set of files.
struct TrialFilesRow {
  std::string set;      ///< "100000 x 4 KiB".
  std::string program;  ///< "salus", "sha256sum", "2 x rhash".
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  std::vector<double> seconds;      ///< On the wall, of each round.
  std::vector<double> cpu_seconds;  ///< Of all its threads and processes.

  [[nodiscard]] double median_seconds() const;
  [[nodiscard]] double median_cpu_seconds() const;
};

/// Makes the files, seals them, and has each program verify them once a round, in turn, so that all
/// meet the same machine; sha256sum in the first round only. Programs that are not installed are
/// left out. Salus opens the seal and verifies in this process; the others are processes of their
/// own, whose start counts. Throws `Error` (system) where a verification fails, and `Cancelled`.
std::vector<TrialFilesRow> measure_trial_files(const TrialFilesWork& work);

}  // namespace salus::cli::bench
