// What a core of this machine can do at most, measured in the run whose figures it judges.
#pragma once

namespace salus::cli::bench {

struct CoreSpeed {
  double clock = 0;         ///< Cycles a second; 0 where it is not measured.
  double vector_ports = 0;  ///< 512-bit instructions a cycle; 0 without AVX-512.
};

CoreSpeed measure_core_speed();

}  // namespace salus::cli::bench
