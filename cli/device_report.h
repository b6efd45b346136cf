// Every device with what it chose for each job, for `salus devices` and `salus demo`.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "cli/command.h"
#include "engine/engine.h"

namespace salus::cli {

struct DeviceReport {
  engine::DeviceInfo info;
  std::vector<engine::Variant> variants;
  std::string problem;  ///< Why it cannot be opened; empty when it can.
};

struct MachineReport {
  std::vector<DeviceReport> devices;
  std::vector<engine::BackendStatus> backends;
};

/// Lists devices and opens each of them; a device that cannot be opened is reported, not thrown.
/// The first time ever this builds OpenCL kernels, which may take seconds.
MachineReport report_machine(const Global& global);

/// Tables of devices and of their kernels, then what is missing and what to do about it.
std::string device_text(const MachineReport& report);

nlohmann::json device_json(const MachineReport& report);

}  // namespace salus::cli
