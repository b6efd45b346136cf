// `salus devices`: what there is to compute with, and why a backend is missing.
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/device_report.h"
#include "cli/output.h"

namespace salus::cli {

void add_devices_command(CLI::App& app, Global& global, Action& action) {
  CLI::App* const command = add_subcommand(
      app, "devices", "List every device, its kernels, and why a backend is missing");
  const auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "Print JSON");
  command->callback([&global, &action, json] {
    action = [&global, json] {
      const MachineReport report = report_machine(global);
      write_out(*json ? json_text(device_json(report)) : device_text(report));
      return kOk;
    };
  });
}

}  // namespace salus::cli
