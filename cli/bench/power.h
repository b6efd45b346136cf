// What a GPU drew and how it was set while it was measured.
#pragma once

#include <optional>
#include <string>

#include "engine/nvml.h"
#include "engine/stopwatch.h"

namespace salus::cli::bench {

struct PowerUse {
  std::optional<double> watts;     ///< Mean over the samples.
  engine::GpuTelemetry telemetry;  ///< At their end, while the GPU is still at its working clock.
};

/// From construction to `stop`. Costs nothing on devices that are not NVIDIA's.
class PowerMeter {
 public:
  explicit PowerMeter(const std::string& pci_bus_id);

  /// Nothing when this is no NVIDIA GPU or its driver says nothing.
  [[nodiscard]] std::optional<PowerUse> stop() const;

 private:
  std::string pci_bus_id_;
  std::optional<engine::GpuTelemetry> before_;
  Stopwatch watch_;
};

}  // namespace salus::cli::bench
