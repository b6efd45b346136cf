#include "engine/cpu/cpu_backend.h"

#include "engine/error.h"

namespace salus::engine {

std::vector<std::string> cpu_variants() { return {}; }

std::unique_ptr<Device> open_cpu_device(const CpuOptions&) {
  throw Error(ErrorKind::device, "cpu: not built");
}

}  // namespace salus::engine
