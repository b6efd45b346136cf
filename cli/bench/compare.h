// This run against an earlier one.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "cli/bench/suite.h"

namespace salus::cli::bench {

struct Comparison {
  std::string text;  ///< A table of changes, then what could not be compared.
  unsigned compared = 0;
  unsigned slower = 0;  ///< Rows that lost more than the tolerance.
};

/// Compares the medians of rows with the same key. `earlier` is from `read_result`; throws `Error`
/// (input) when its rows are malformed.
Comparison compare(const SuiteResult& now, const nlohmann::json& earlier, double tolerance_percent);

}  // namespace salus::cli::bench
