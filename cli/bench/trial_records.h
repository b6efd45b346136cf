// How fast records are sealed, verified and opened for a proof.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/cpu/cpu_backend.h"

namespace salus::cli::bench {

struct TrialRecordsWork {
  std::uint64_t records = 1'000'000;
  unsigned rounds = 3;
  std::string folder;  ///< For the data; in memory where that is there, when empty.
  engine::CpuOptions cpu;
  std::stop_token stop;
  std::function<void(const std::string&)> status;  ///< What is being done; may be empty.
};

/// One kind of work, over all records of a file.
struct TrialRecordsRow {
  std::string work;  ///< "seal CSV".
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;          ///< Of the file.
  std::vector<double> seconds;      ///< On the wall, of each round.
  std::vector<double> cpu_seconds;  ///< Of all threads.

  [[nodiscard]] double median_seconds() const;
  [[nodiscard]] double median_cpu_seconds() const;
};

struct TrialRecordsResult {
  std::vector<TrialRecordsRow> rows;
  /// Verification against sealing of the same file, by CPU time: median of the rounds.
  double verify_ratio = 0;
  std::vector<double> prove_seconds;  ///< One record each, the index being open.
  std::uint64_t peak_memory = 0;      ///< Of this process, at the end.
};

/// Writes made-up records, seals them with cells, verifies a copy in which one value was changed
/// (so that the whole of it is compared), and opens records here and there. Throws `Error` (system)
/// where a result is not what it has to be, and `Cancelled`.
TrialRecordsResult measure_trial_records(const TrialRecordsWork& work);

}  // namespace salus::cli::bench
