// A benchmark's result as a table.
#pragma once

#include <string>

#include "cli/bench/suite.h"

namespace salus::cli::bench {

/// One table; with `checksums` a column that shows the same value for the same work everywhere.
std::string report_text(const SuiteResult& result, bool checksums);

}  // namespace salus::cli::bench
