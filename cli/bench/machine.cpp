#include "cli/bench/machine.h"

#include <openssl/crypto.h>
#include <sys/utsname.h>

#include <nlohmann/json.hpp>
#include <string>

#include "engine/cpu/cpu_backend.h"

namespace salus::cli::bench {

nlohmann::json describe_machine(const CoreSpeed& core) {
  const auto cpu = engine::open_cpu_device({.threads = 0, .variant = "scalar"});
  utsname system{};
  uname(&system);
  return {{"cpu", cpu->info().name},
          {"cpu_vendor", cpu->info().vendor},
          {"cores", cpu->info().compute_units},
          {"core_clock_hz", core.clock},
          {"core_vector_ports", core.vector_ports},
          {"memory_bytes", cpu->info().memory_bytes},
          {"cpu_variants", engine::cpu_variants()},
          {"system", std::string(system.sysname) + " " + system.release},
          {"architecture", system.machine},
          {"openssl", OpenSSL_version(OPENSSL_VERSION_STRING)}};
}

}  // namespace salus::cli::bench
