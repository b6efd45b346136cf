#include "cli/bench/core_speed.h"

#include "cli/bench/core_clock.h"
#include "cli/bench/vector_ports.h"

namespace salus::cli::bench {

CoreSpeed measure_core_speed() {
  CoreSpeed core;
  core.clock = measure_core_clock();
  core.vector_ports = measure_vector_ports(core.clock);
  return core;
}

}  // namespace salus::cli::bench
