// Graphics cards as the operating system sees them, whether or not a driver for computing is there:
// so that `salus doctor` can tell a machine without a GPU from one whose GPU is not set up.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace salus::cli {

struct GraphicsCard {
  std::string pci_bus_id;  ///< "0000:17:00.0"
  std::string vendor;      ///< "NVIDIA", "AMD", "Intel".
};

/// Display and 3D controllers of those vendors under `sys_root`/bus/pci/devices; empty when that
/// cannot be read.
std::vector<GraphicsCard> list_graphics_cards(const std::filesystem::path& sys_root = "/sys");

/// Device files through which GPUs are reached (/dev/nvidia*, /dev/dri/renderD*, /dev/kfd) that
/// this user may not open for reading and writing.
std::vector<std::string> forbidden_device_files(const std::filesystem::path& dev_root = "/dev");

}  // namespace salus::cli
