// One line of a benchmark's result.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/bench/limits.h"
#include "cli/bench/power.h"
#include "cli/bench/subject.h"
#include "cli/units.h"
#include "engine/bytes.h"

namespace salus::cli::bench {

struct Row {
  std::string workload;
  std::string description;
  engine::Job job = engine::Job::mine;
  Unit unit = Unit::hashes;
  std::optional<std::size_t> batch;  ///< Items in one call, where that is a matter of choice.
  SubjectInfo subject;
  std::string kernel;
  std::vector<double> samples;            ///< Units a second.
  std::vector<double> reference_samples;  ///< OpenSSL on one core.
  std::optional<Limit> limit;
  std::optional<PowerUse> power;
  Digest checksum{};

  /// How long one call with a batch takes, at the median rate.
  [[nodiscard]] std::optional<double> batch_seconds() const;

  /// What makes two rows of different runs comparable: "mine/8-versions cpu avx512 1".
  [[nodiscard]] std::string key() const;
};

}  // namespace salus::cli::bench
