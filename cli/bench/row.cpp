#include "cli/bench/row.h"

#include <fmt/format.h>

#include "cli/bench/statistics.h"

namespace salus::cli::bench {

std::optional<double> Row::batch_seconds() const {
  if (!batch) return std::nullopt;
  return static_cast<double>(*batch) / median(samples);
}

std::string Row::key() const {
  std::string key = workload + " " + subject.device;
  if (!subject.forced_variant.empty()) key += " " + subject.forced_variant;
  if (subject.threads != 0) key += fmt::format(" {} threads", subject.threads);
  return key;
}

}  // namespace salus::cli::bench
