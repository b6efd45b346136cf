// The clock that a core really runs at.
#pragma once

namespace salus::cli::bench {

/// Cycles per second of the calling core, from the time that a chain of dependent additions takes
/// (one cycle each on every x86-64 core); the best of several short tries, since anything else that
/// runs on the core only slows it down. 0 on other processors.
double measure_core_clock();

}  // namespace salus::cli::bench
