// `salus doctor`: tests all that is there and says what to do about what it finds.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <fstream>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/graphics_cards.h"
#include "cli/output.h"
#include "cli/self_test.h"
#include "cli/status_line.h"
#include "engine/engine.h"
#include "engine/error.h"
#include "engine/openssl_sha256.h"

namespace salus::cli {
namespace {

/// Findings, printed as they come: one line each, what to do about it below.
class Findings {
 public:
  void good(const std::string& text) { line("ok  ", text, ""); }
  void note(const std::string& text, const std::string& advice = "") { line("note", text, advice); }
  void bad(const std::string& text, const std::string& advice) {
    line("FAIL", text, advice);
    ++failures_;
  }
  [[nodiscard]] unsigned failures() const { return failures_; }

 private:
  static void line(const char* verdict, const std::string& text, const std::string& advice) {
    clear_status();
    print("{}  {}\n", verdict, printable(text));
    if (!advice.empty()) print("      -> {}\n", printable(advice));
    flush_out();
  }
  unsigned failures_ = 0;
};

constexpr const char* kWrongAnswerAdvice =
    "do not compute on it: leave it out with --device, update its driver, and test its memory";

/// Without a trustworthy reference no other test says anything (FIPS 180-4's example "abc").
void check_openssl(Findings& findings) {
  const std::string expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  if (to_hex(openssl_sha256(as_bytes("abc"))) == expected)
    findings.good("OpenSSL gives the published SHA-256 of \"abc\"");
  else
    findings.bad("OpenSSL gives a wrong SHA-256 of \"abc\"", "reinstall the package libssl3");
}

using SelfTest = std::vector<SelfTestResult> (*)(engine::Device&);

void check_kernels(engine::Device& device, SelfTest test, const std::string& name,
                   Findings& findings) {
  const std::vector<SelfTestResult> results = test(device);
  std::uint64_t compared = 0;
  bool all_passed = true;
  for (const SelfTestResult& result : results) {
    compared += result.compared;
    if (result.passed) continue;
    all_passed = false;
    findings.bad(fmt::format("{}: {}: {}", name, result.kernel, result.problem),
                 kWrongAnswerAdvice);
  }
  if (all_passed)
    findings.good(fmt::format("{}: {} kernels give OpenSSL's answers ({} values compared)", name,
                              results.size(), compared));
}

void check_device(const std::string& id, const engine::CpuOptions& cpu,
                  std::initializer_list<SelfTest> tests, const std::string& name,
                  const Global& global, Findings& findings) {
  if (global.stop.stop_requested()) throw Cancelled();
  if (!global.quiet) show_status("testing " + name);
  try {
    const auto device = engine::open_device(id, cpu);
    for (const SelfTest test : tests)
      if (test != self_test_signatures || device->can(engine::Job::verify))
        check_kernels(*device, test, name, findings);
  } catch (const std::exception& error) {
    findings.bad(fmt::format("{}: {}", name, error.what()),
                 "leave it out with --device, or reinstall its driver");
  }
}

void check_devices(const engine::Inventory& inventory, const Global& global, Findings& findings) {
  for (const engine::DeviceInfo& info : inventory.devices) {
    const std::string name = fmt::format("{} ({})", info.id(), info.name);
    if (info.backend != engine::Backend::cpu) {
      check_device(info.id(), {}, {self_test, self_test_signatures}, name, global, findings);
      continue;
    }
    for (const std::string& variant : engine::cpu_variants())
      check_device("cpu", {.threads = 0, .variant = variant}, {self_test},
                   fmt::format("{}, {}", name, variant), global, findings);
    for (const std::string& variant : engine::cpu_verify_variants())
      check_device("cpu", {.threads = 0, .verify_variant = variant}, {self_test_signatures},
                   fmt::format("{}, signatures by {}", name, variant), global, findings);
  }
}

/// A backend that is missing is a failure only where there is hardware that needs it.
void check_backends(const engine::Inventory& inventory, Findings& findings) {
  const std::vector<GraphicsCard> cards = list_graphics_cards();
  const auto nvidia = std::find_if(
      cards.begin(), cards.end(), [](const GraphicsCard& card) { return card.vendor == "NVIDIA"; });
  for (const engine::BackendStatus& backend : inventory.backends) {
    if (backend.available) continue;
    const std::string what =
        fmt::format("no {} devices: {}", to_string(backend.backend), backend.detail);
    if (backend.backend == engine::Backend::cuda && nvidia != cards.end())
      findings.bad(fmt::format("there is an NVIDIA card at {}, but {}", nvidia->pci_bus_id, what),
                   backend.advice);
    else
      findings.note(what, backend.advice);
  }
}

/// Cards of other vendors are reached through OpenCL.
void check_cards(const engine::Inventory& inventory, Findings& findings) {
  for (const GraphicsCard& card : list_graphics_cards()) {
    if (card.vendor == "NVIDIA") continue;
    const bool reached = std::any_of(
        inventory.devices.begin(), inventory.devices.end(), [&](const engine::DeviceInfo& info) {
          return info.backend == engine::Backend::opencl && !info.shares_host_cores &&
                 (info.pci_bus_id.empty() || info.pci_bus_id == card.pci_bus_id);
        });
    if (!reached)
      findings.note(fmt::format("the {} graphics card at {} has no OpenCL driver", card.vendor,
                                card.pci_bus_id),
                    "to use it, install its OpenCL driver (AMD: mesa-opencl-icd or ROCm; "
                    "Intel: intel-opencl-icd)");
  }
}

void check_permissions(Findings& findings) {
  for (const std::string& file : forbidden_device_files())
    findings.bad(fmt::format("no permission to open {}", file),
                 "add your user to the groups render and video, then log in again: "
                 "sudo usermod -aG render,video $USER");
}

/// Where OpenCL programs are kept: $XDG_CACHE_HOME/salus, by default below ~/.cache.
std::filesystem::path cache_folder() {
  const char* const cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && std::filesystem::path(cache).is_absolute())
    return std::filesystem::path(cache) / "salus";
  const char* const home = std::getenv("HOME");
  if (home != nullptr && *home != '\0') return std::filesystem::path(home) / ".cache/salus";
  return {};
}

void check_cache(Findings& findings) {
  namespace fs = std::filesystem;
  const std::string advice =
      "kernels are built anew at every start, which takes seconds: set XDG_CACHE_HOME to a folder "
      "that you may write to";
  const fs::path folder = cache_folder();
  if (folder.empty()) {
    findings.note("no folder for compiled kernels: neither XDG_CACHE_HOME nor HOME is set", advice);
    return;
  }
  const fs::path probe = folder / fmt::format(".doctor-{}", getpid());
  std::error_code error;
  fs::create_directories(folder, error);
  const bool written = !error && (std::ofstream(probe) << "probe" << std::flush).good();
  fs::remove(probe, error);
  if (written)
    findings.good(fmt::format("compiled kernels are kept in {}", folder.string()));
  else
    findings.note(fmt::format("cannot write to {}", folder.string()), advice);
}

int run_doctor(const Global& global) {
  Findings findings;
  check_openssl(findings);
  const engine::Inventory inventory = engine::list_devices();
  check_devices(inventory, global, findings);
  check_backends(inventory, findings);
  check_cards(inventory, findings);
  check_permissions(findings);
  check_cache(findings);
  if (findings.failures() == 0) {
    print("\nAll that is there works.\n");
    return kOk;
  }
  print("\n{} problem{} found: see the FAIL lines.\n", findings.failures(),
        findings.failures() == 1 ? "" : "s");
  return kDevice;
}

}  // namespace

void add_doctor_command(CLI::App& app, Global& global, Action& action) {
  CLI::App* const command = add_subcommand(
      app, "doctor", "Test every kernel on every device and say what to do about what is wrong");
  command->footer("Exit code 0 when all that is there works, 3 otherwise.");
  command->callback([&global, &action] { action = [&global] { return run_doctor(global); }; });
}

}  // namespace salus::cli
