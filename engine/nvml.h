// Power, temperature and link of NVIDIA GPUs, through the driver's management library (NVML), which
// is opened at run time. Every function may be called from any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace salus::engine {

/// What a GPU reports at one moment. A value that this GPU or driver does not give is absent.
struct GpuTelemetry {
  std::optional<double> power_watts;
  std::optional<double> power_limit_watts;  ///< The cap that is being enforced.
  std::optional<double> energy_joules;      ///< Since the driver was loaded; take differences.
  std::optional<unsigned> temperature_celsius;
  std::optional<unsigned> sm_clock_mhz;
  std::optional<unsigned> pcie_generation;  ///< Of the link as it is now; an idle GPU may lower it.
  std::optional<unsigned> pcie_width;       ///< Lanes.
  std::optional<unsigned> pcie_generation_max;
  std::optional<unsigned> pcie_width_max;
  std::optional<std::string> driver_version;
};

/// Readings of the GPU at that PCI address ("0000:17:00.0"); nothing without an NVIDIA driver, or
/// when it knows no such GPU.
std::optional<GpuTelemetry> read_gpu_telemetry(const std::string& pci_bus_id);

/// "580.65.06"; nothing without an NVIDIA driver.
std::optional<std::string> nvidia_driver_version();

namespace detail {

/// The library itself; the functions above share one for the process.
class Nvml {
 public:
  /// `library` is the file that is opened.
  explicit Nvml(const std::string& library);
  ~Nvml();
  Nvml(const Nvml&) = delete;
  Nvml& operator=(const Nvml&) = delete;

  [[nodiscard]] bool available() const;
  [[nodiscard]] std::optional<GpuTelemetry> read(const std::string& pci_bus_id) const;
  [[nodiscard]] std::optional<std::string> driver_version() const;

 private:
  struct Functions;
  std::unique_ptr<Functions> functions_;
};

}  // namespace detail
}  // namespace salus::engine
