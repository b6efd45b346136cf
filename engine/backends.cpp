#include <charconv>

#include "engine/cuda/cuda_backend.h"
#include "engine/engine.h"
#include "engine/error.h"
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

std::unique_ptr<Device> open_device(const std::string& id, const CpuOptions& cpu) {
  if (id == "cpu") return open_cpu_device(cpu);
  if (const auto index = device_index(id, "opencl:")) return open_opencl_device(*index);
  if (const auto index = device_index(id, "cuda:")) return open_cuda_device(*index);
  throw Error(ErrorKind::usage, "no such device: " + id + " (see `salus devices`)");
}

}  // namespace salus::engine
