#include "cli/device_report.h"

#include <fmt/format.h>

#include <exception>
#include <nlohmann/json.hpp>

#include "cli/output.h"
#include "cli/status_line.h"
#include "cli/table.h"
#include "cli/units.h"

namespace salus::cli {
namespace {

DeviceReport report_device(const engine::DeviceInfo& info) {
  DeviceReport report{info, {}, ""};
  try {
    const auto device = engine::open_device(info.id());
    report.variants = device->variants();
  } catch (const std::exception& error) {
    report.problem = error.what();
  }
  return report;
}

std::string clock_text(unsigned mhz) {
  return mhz == 0 ? "" : fmt::format("{:.2f} GHz", mhz / 1000.0);
}

std::string device_table(const MachineReport& report) {
  Table table({{"device"},
               {"name"},
               {"units", Table::Align::right},
               {"clock", Table::Align::right},
               {"memory", Table::Align::right},
               {"driver"}});
  for (const DeviceReport& device : report.devices) {
    const engine::DeviceInfo& info = device.info;
    table.add_row({info.id(), printable(info.name), fmt::format("{}", info.compute_units),
                   clock_text(info.clock_mhz), format_memory(info.memory_bytes),
                   printable(info.driver)});
  }
  return table.text();
}

std::string kernel_table(const MachineReport& report) {
  Table table({{"device"}, {"job"}, {"kernel"}, {"why"}});
  for (const DeviceReport& device : report.devices) {
    for (const engine::Variant& variant : device.variants)
      table.add_row({device.info.id(), to_string(variant.job), printable(variant.name),
                     printable(variant.reason)});
    if (!device.problem.empty())
      table.add_row({device.info.id(), "none", "cannot be used", printable(device.problem)});
  }
  return table.text();
}

std::string missing_backends(const MachineReport& report) {
  std::string out;
  for (const engine::BackendStatus& backend : report.backends) {
    if (backend.available) continue;
    out +=
        fmt::format("\nno {} devices: {}\n", to_string(backend.backend), printable(backend.detail));
    if (!backend.advice.empty()) out += fmt::format("  {}\n", printable(backend.advice));
  }
  return out;
}

}  // namespace

MachineReport report_machine(const Global& global) {
  engine::Inventory inventory = engine::list_devices();
  MachineReport report{{}, std::move(inventory.backends)};
  for (const engine::DeviceInfo& info : inventory.devices) {
    if (!global.quiet) show_status(fmt::format("looking at {} ({})", info.id(), info.name));
    report.devices.push_back(report_device(info));
  }
  clear_status();
  return report;
}

std::string device_text(const MachineReport& report) {
  return device_table(report) + "\n" + kernel_table(report) + missing_backends(report);
}

nlohmann::json device_json(const MachineReport& report) {
  nlohmann::json devices = nlohmann::json::array();
  for (const DeviceReport& device : report.devices) {
    const engine::DeviceInfo& info = device.info;
    nlohmann::json kernels = nlohmann::json::array();
    for (const engine::Variant& variant : device.variants)
      kernels.push_back(
          {{"job", to_string(variant.job)}, {"kernel", variant.name}, {"reason", variant.reason}});
    devices.push_back({{"id", info.id()},
                       {"backend", to_string(info.backend)},
                       {"name", info.name},
                       {"vendor", info.vendor},
                       {"driver", info.driver},
                       {"memory_bytes", info.memory_bytes},
                       {"compute_units", info.compute_units},
                       {"clock_mhz", info.clock_mhz},
                       {"pci_bus_id", info.pci_bus_id},
                       {"shares_host_cores", info.shares_host_cores},
                       {"usable", device.problem.empty()},
                       {"problem", device.problem},
                       {"kernels", kernels}});
  }
  nlohmann::json backends = nlohmann::json::array();
  for (const engine::BackendStatus& backend : report.backends)
    backends.push_back({{"backend", to_string(backend.backend)},
                        {"available", backend.available},
                        {"detail", backend.detail},
                        {"advice", backend.advice}});
  return {{"devices", devices}, {"backends", backends}};
}

}  // namespace salus::cli
