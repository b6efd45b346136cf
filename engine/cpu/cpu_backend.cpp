#include "engine/cpu/cpu_backend.h"

#include "engine/cpu/cpu_device.h"
#include "engine/signature/cpu/verify_choice.h"

namespace salus::engine {

std::vector<std::string> cpu_variants() {
  std::vector<std::string> names;
  for (const cpu::CpuVariant* variant : cpu::supported_variants())
    names.emplace_back(variant->name);
  return names;
}

std::vector<std::string> cpu_verify_variants() { return signature::cpu::verify_variants(); }

std::unique_ptr<Device> open_cpu_device(const CpuOptions& options) {
  return std::make_unique<cpu::CpuDevice>(options);
}

}  // namespace salus::engine
