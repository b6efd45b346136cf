#include <charconv>

#include "engine/cuda/cuda_backend.h"
#include "engine/engine.h"
#include "engine/error.h"
#include "engine/implementations.h"
#include "engine/opencl/opencl_backend.h"

namespace salus::engine {
namespace {

/// The N of "prefix:N".
std::optional<unsigned> device_index(std::string_view id, std::string_view prefix) {
  if (!id.starts_with(prefix)) return std::nullopt;
  id.remove_prefix(prefix.size());
  unsigned index = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), index);
  if (error != std::errc() || end != id.data() + id.size()) return std::nullopt;
  return index;
}

[[noreturn]] void no_such_device(const std::string& id, const std::string& why) {
  throw Error(ErrorKind::usage, "no such device: " + id + why + " (see `salus devices`)");
}

using ListDevices = std::vector<DeviceInfo> (*)(BackendStatus&);

/// That a device is not there is the caller's mistake; that one cannot be opened is the device's.
void require_device(const std::string& id, unsigned index, ListDevices list) {
  BackendStatus status;
  if (index < list(status).size()) return;
  no_such_device(id, status.available ? "" : ": " + status.detail);
}

}  // namespace

Inventory list_devices() {
  Inventory inventory;
  inventory.devices.push_back(open_cpu_device({})->info());
  inventory.backends.push_back({Backend::cpu, true, "", ""});
  for (const auto list : {list_opencl_devices, list_cuda_devices}) {
    BackendStatus status;
    const std::vector<DeviceInfo> found = list(status);
    inventory.devices.insert(inventory.devices.end(), found.begin(), found.end());
    inventory.backends.push_back(status);
  }
  return inventory;
}

std::vector<std::string> implementations(const std::string& id) {
  if (id == "cpu") return cpu_variants();
  if (const auto index = device_index(id, "opencl:")) {
    require_device(id, *index, list_opencl_devices);
    return opencl_layouts(*index);
  }
  if (const auto index = device_index(id, "cuda:")) {
    require_device(id, *index, list_cuda_devices);
    return cuda_forms();
  }
  no_such_device(id, "");
}

std::unique_ptr<Device> open_device(const std::string& id, const CpuOptions& cpu) {
  if (id == "cpu") return open_cpu_device(cpu);
  return open_implementation(id, {});
}

std::unique_ptr<Device> open_implementation(const std::string& id, const std::string& name) {
  if (const auto index = device_index(id, "opencl:")) {
    require_device(id, *index, list_opencl_devices);
    return open_opencl_device(*index, name);
  }
  if (const auto index = device_index(id, "cuda:")) {
    require_device(id, *index, list_cuda_devices);
    return open_cuda_device(*index, name);
  }
  no_such_device(id, "");
}

}  // namespace salus::engine
