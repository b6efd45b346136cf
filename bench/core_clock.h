// The clock that a core really runs at, which neither the TSC nor CPUID tells.
#pragma once

namespace salus::bench {

/// Cycles per second of the calling thread's core at this moment, from a chain of dependent
/// additions of one cycle each. Takes about two milliseconds.
double core_clock_hz();

}  // namespace salus::bench
