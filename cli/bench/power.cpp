#include "cli/bench/power.h"

namespace salus::cli::bench {
namespace {

std::optional<engine::GpuTelemetry> read(const std::string& pci_bus_id) {
  if (pci_bus_id.empty()) return std::nullopt;
  return engine::read_gpu_telemetry(pci_bus_id);
}

}  // namespace

PowerMeter::PowerMeter(const std::string& pci_bus_id)
    : pci_bus_id_(pci_bus_id), before_(read(pci_bus_id)) {}

std::optional<PowerUse> PowerMeter::stop() const {
  if (!before_) return std::nullopt;
  const auto after = read(pci_bus_id_);
  if (!after) return std::nullopt;
  PowerUse use{after->power_watts, *after};
  // The energy counter gives the mean; the driver's power reading is of one moment.
  const double seconds = watch_.seconds();
  if (before_->energy_joules && after->energy_joules &&
      *after->energy_joules > *before_->energy_joules)
    use.watts = (*after->energy_joules - *before_->energy_joules) / seconds;
  return use;
}

}  // namespace salus::cli::bench
