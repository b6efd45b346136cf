// How fast blocks are validated, against the bare batch verifier on the same signatures.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/engine.h"

namespace salus::cli::bench {

struct ValidationWork {
  std::size_t statements = 10'000;  ///< In a block, besides the validator's.
  double p256_share = 0;            ///< Of the devices; the others sign with Ed25519.
  std::size_t devices = 1000;       ///< That sign in turn; their keys are known before.
  double seconds = 1;               ///< Of samples.
};

/// One time through all blocks, for one statement.
struct ValidationSample {
  double wall = 0;         ///< Seconds by the clock on the wall.
  double cpu = 0;          ///< Seconds of all threads of this process.
  double verify_wall = 0;  ///< The same, the signatures alone.
  double verify_cpu = 0;

  [[nodiscard]] double cpu_ratio() const { return cpu / verify_cpu; }
  [[nodiscard]] double wall_ratio() const { return wall / verify_wall; }
};

struct ValidationResult {
  ValidationWork work;
  double statement_bytes = 0;  ///< Mean, of the first block.
  std::vector<ValidationSample> samples;

  /// The median of what `of` gives for each sample.
  [[nodiscard]] double median_of(const std::function<double(const ValidationSample&)>& of) const;
};

/// Makes blocks, each of which fits on genesis, and validates all of them again and again, in turn
/// with the signatures alone, so that whatever else the machine does meets both. Throws `Error`
/// where a block turns out to be invalid, and `Cancelled`.
ValidationResult measure_validation(engine::Engine& engine, const ValidationWork& work,
                                    const std::stop_token& stop = {});

}  // namespace salus::cli::bench
