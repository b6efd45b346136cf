// What a simulation says: a line each second, and the sum at the end.
#pragma once

#include <chrono>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "cli/simulate/tally.h"

namespace salus::cli::simulate {

/// A table on a terminal, otherwise JSON, a line each.
class Report {
 public:
  /// Counts from now on; `tally` outlives it.
  Report(const Tally& tally, bool is_terminal);

  /// One line about the time since the last one.
  [[nodiscard]] std::string second();
  /// All since it was made.
  [[nodiscard]] std::string summary() const;
  /// Seconds from when it was made to the last answer.
  [[nodiscard]] double seconds() const;

 private:
  [[nodiscard]] std::string table_line(const Counts& now, double seconds) const;

  const Tally& tally_;
  const bool is_terminal_;
  SteadyTime begin_;
  SteadyTime last_time_;
  Counts before_;  ///< When it was made.
  Counts last_;
  unsigned lines_ = 0;
};

/// By reason, those that there were.
nlohmann::json refused_json(const Counts& counts);

}  // namespace salus::cli::simulate
