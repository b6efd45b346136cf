#include "engine/nvml.h"

#include <dlfcn.h>

#include <array>

namespace salus::engine {
namespace detail {
namespace {

// From the NVML API reference: these functions and values have not changed since driver 331, so the
// header need not be there to build.
using Device = void*;
using Result = int;
constexpr Result kSuccess = 0;
constexpr int kTemperatureOfGpu = 0;
constexpr int kClockOfMultiprocessors = 1;

struct Close {
  void operator()(void* library) const { dlclose(library); }
};

}  // namespace

struct Nvml::Functions {
  std::unique_ptr<void, Close> library;
  bool initialised = false;
  Result (*init)() = nullptr;
  Result (*shutdown)() = nullptr;
  Result (*driver_version)(char*, unsigned) = nullptr;
  Result (*handle)(const char*, Device*) = nullptr;
  Result (*power)(Device, unsigned*) = nullptr;
  Result (*power_limit)(Device, unsigned*) = nullptr;
  Result (*energy)(Device, unsigned long long*) = nullptr;
  Result (*temperature)(Device, int, unsigned*) = nullptr;
  Result (*clock)(Device, int, unsigned*) = nullptr;
  Result (*link_generation)(Device, unsigned*) = nullptr;
  Result (*link_width)(Device, unsigned*) = nullptr;
  Result (*link_generation_max)(Device, unsigned*) = nullptr;
  Result (*link_width_max)(Device, unsigned*) = nullptr;

  template <class Function>
  void find(Function& function, const char* name) const {
    function = reinterpret_cast<Function>(dlsym(library.get(), name));
  }
};

namespace {

template <class Value, class Function, class... Arguments>
std::optional<Value> ask(Function function, Arguments... arguments) {
  Value value{};
  if (function == nullptr || function(arguments..., &value) != kSuccess) return std::nullopt;
  return value;
}

std::optional<double> thousandth(std::optional<unsigned long long> value) {
  if (!value) return std::nullopt;
  return static_cast<double>(*value) / 1e3;
}

}  // namespace

Nvml::Nvml(const std::string& library) : functions_(std::make_unique<Functions>()) {
  Functions& f = *functions_;
  f.library.reset(dlopen(library.c_str(), RTLD_LAZY | RTLD_LOCAL));
  if (!f.library) return;
  f.find(f.init, "nvmlInit_v2");
  f.find(f.shutdown, "nvmlShutdown");
  f.find(f.driver_version, "nvmlSystemGetDriverVersion");
  f.find(f.handle, "nvmlDeviceGetHandleByPciBusId_v2");
  f.find(f.power, "nvmlDeviceGetPowerUsage");
  f.find(f.power_limit, "nvmlDeviceGetEnforcedPowerLimit");
  f.find(f.energy, "nvmlDeviceGetTotalEnergyConsumption");
  f.find(f.temperature, "nvmlDeviceGetTemperature");
  f.find(f.clock, "nvmlDeviceGetClockInfo");
  f.find(f.link_generation, "nvmlDeviceGetCurrPcieLinkGeneration");
  f.find(f.link_width, "nvmlDeviceGetCurrPcieLinkWidth");
  f.find(f.link_generation_max, "nvmlDeviceGetMaxPcieLinkGeneration");
  f.find(f.link_width_max, "nvmlDeviceGetMaxPcieLinkWidth");
  f.initialised = f.init != nullptr && f.shutdown != nullptr && f.init() == kSuccess;
}

Nvml::~Nvml() {
  if (functions_->initialised) static_cast<void>(functions_->shutdown());
}

bool Nvml::available() const { return functions_->initialised; }

std::optional<std::string> Nvml::driver_version() const {
  const Functions& f = *functions_;
  std::array<char, 96> text{};  // NVML_SYSTEM_DRIVER_VERSION_BUFFER_SIZE is 80
  if (!available() || f.driver_version == nullptr ||
      f.driver_version(text.data(), static_cast<unsigned>(text.size() - 1)) != kSuccess)
    return std::nullopt;
  return std::string(text.data());
}

std::optional<GpuTelemetry> Nvml::read(const std::string& pci_bus_id) const {
  const Functions& f = *functions_;
  if (!available()) return std::nullopt;
  const std::optional<Device> device = ask<Device>(f.handle, pci_bus_id.c_str());
  if (!device) return std::nullopt;
  GpuTelemetry now;
  now.power_watts = thousandth(ask<unsigned>(f.power, *device));
  now.power_limit_watts = thousandth(ask<unsigned>(f.power_limit, *device));
  now.energy_joules = thousandth(ask<unsigned long long>(f.energy, *device));
  now.temperature_celsius = ask<unsigned>(f.temperature, *device, kTemperatureOfGpu);
  now.sm_clock_mhz = ask<unsigned>(f.clock, *device, kClockOfMultiprocessors);
  now.pcie_generation = ask<unsigned>(f.link_generation, *device);
  now.pcie_width = ask<unsigned>(f.link_width, *device);
  now.pcie_generation_max = ask<unsigned>(f.link_generation_max, *device);
  now.pcie_width_max = ask<unsigned>(f.link_width_max, *device);
  now.driver_version = driver_version();
  return now;
}

}  // namespace detail

namespace {

const detail::Nvml& shared_nvml() {
  static const detail::Nvml nvml("libnvidia-ml.so.1");
  return nvml;
}

}  // namespace

std::optional<GpuTelemetry> read_gpu_telemetry(const std::string& pci_bus_id) {
  return shared_nvml().read(pci_bus_id);
}

std::optional<std::string> nvidia_driver_version() { return shared_nvml().driver_version(); }

}  // namespace salus::engine
