// How many 512-bit instructions a core really executes in a cycle.
#pragma once

namespace salus::cli::bench {

/// 512-bit instructions a cycle that the calling core sustains on the mix that SHA-256 is made of
/// (a third each rotates, three-input logic and additions), all independent; `clock` is the core's,
/// in cycles a second. The best of several short tries. 0 where there is no AVX-512.
double measure_vector_ports(double clock);

}  // namespace salus::cli::bench
