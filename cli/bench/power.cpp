#include "cli/bench/power.h"

#include <chrono>

namespace salus::cli::bench {
namespace {

double now_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::optional<engine::GpuTelemetry> read(const std::string& pci_bus_id) {
  if (pci_bus_id.empty()) return std::nullopt;
  return engine::read_gpu_telemetry(pci_bus_id);
}

}  // namespace

PowerMeter::PowerMeter(const std::string& pci_bus_id)
    : pci_bus_id_(pci_bus_id), before_(read(pci_bus_id)), start_seconds_(now_seconds()) {}

std::optional<PowerUse> PowerMeter::stop() const {
  if (!before_) return std::nullopt;
  const auto after = read(pci_bus_id_);
  if (!after) return std::nullopt;
  PowerUse use{after->power_watts, *after};
  // The energy counter gives the mean; the driver's power reading is of one moment.
  const double seconds = now_seconds() - start_seconds_;
  if (before_->energy_joules && after->energy_joules &&
      *after->energy_joules > *before_->energy_joules)
    use.watts = (*after->energy_joules - *before_->energy_joules) / seconds;
  return use;
}

}  // namespace salus::cli::bench
