#include "cli/bench/row.h"

#include <fmt/format.h>

namespace salus::cli::bench {

std::string Row::key() const {
  std::string key = workload + " " + subject.device;
  if (!subject.forced_variant.empty()) key += " " + subject.forced_variant;
  if (subject.threads != 0) key += fmt::format(" {} threads", subject.threads);
  return key;
}

}  // namespace salus::cli::bench
