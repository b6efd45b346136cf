#include "engine/cuda/cuda_backend.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "engine/cuda/cuda_device.h"
#include "engine/cuda/driver_status.h"
#include "engine/error.h"
#include "engine/nvml.h"

namespace salus::engine {
namespace {

using cuda::check;

unsigned attribute(cudaDeviceAttr which, int device) {
  int value = 0;
  check(cudaDeviceGetAttribute(&value, which, device), "ask for a device attribute");
  return static_cast<unsigned>(value);
}

/// "0000:17:00.0", in lower case as Linux writes it.
std::string pci_bus_id(int device) {
  std::array<char, 32> text{};
  check(cudaDeviceGetPCIBusId(text.data(), static_cast<int>(text.size()), device),
        "ask for the PCI address");
  std::string id(text.data());
  for (char& c : id)
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  return id;
}

/// "580.65.06 (CUDA 13.0)".
std::string driver_text(const cuda::DriverFindings& found) {
  const std::string cuda =
      fmt::format("CUDA {}.{}", found.driver_version / 1000, found.driver_version % 1000 / 10);
  const std::optional<std::string> version = nvidia_driver_version();
  return version ? fmt::format("{} ({})", *version, cuda) : cuda;
}

DeviceInfo describe_device(int device, const std::string& driver) {
  cudaDeviceProp properties{};
  check(cudaGetDeviceProperties(&properties, device), "ask for device properties");
  DeviceInfo info;
  info.backend = Backend::cuda;
  info.index = static_cast<unsigned>(device);
  info.name = properties.name;
  info.vendor = "NVIDIA";
  info.driver = driver;
  info.memory_bytes = properties.totalGlobalMem;
  info.compute_units = static_cast<unsigned>(properties.multiProcessorCount);
  info.clock_mhz = attribute(cudaDevAttrClockRate, device) / 1000;
  info.pci_bus_id = pci_bus_id(device);
  return info;
}

std::unique_ptr<Device> open(unsigned index, const std::string& form) {
  const cuda::DriverFindings found = cuda::find_driver();
  const BackendStatus status = cuda::describe(found);
  if (!status.available) throw Error(ErrorKind::device, status.detail);
  if (index >= static_cast<unsigned>(found.device_count))
    throw Error(ErrorKind::device, fmt::format("there are {} CUDA devices", found.device_count));
  const int device = static_cast<int>(index);
  check(cudaSetDevice(device), "choose the device");
  const DeviceInfo info = describe_device(device, driver_text(found));
  const cuda::Capacity capacity{info.compute_units,
                                attribute(cudaDevAttrMaxThreadsPerMultiProcessor, device),
                                info.memory_bytes};
  return std::make_unique<cuda::CudaDevice>(info, cuda::sizes_for(capacity), form);
}

}  // namespace

std::vector<DeviceInfo> list_cuda_devices(BackendStatus& status) {
  const cuda::DriverFindings found = cuda::find_driver();
  status = cuda::describe(found);
  std::vector<DeviceInfo> devices;
  try {
    const std::string driver = driver_text(found);
    for (int i = 0; i < found.device_count; ++i) devices.push_back(describe_device(i, driver));
  } catch (const Error& error) {
    status = {Backend::cuda, false, error.what(), "look at `nvidia-smi`"};
    devices.clear();
  }
  return devices;
}

std::vector<std::string> cuda_forms() { return cuda::forms(); }

std::unique_ptr<Device> open_cuda_device(unsigned index, const std::string& form) {
  const std::string id = fmt::format("cuda:{}", index);
  try {
    return open(index, form);
  } catch (const Error& error) {
    if (std::string_view(error.what()).starts_with(id)) throw;
    throw Error(error.kind(), id + ": " + error.what());
  }
}

}  // namespace salus::engine
