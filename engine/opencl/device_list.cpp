#include "engine/opencl/device_list.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "engine/opencl/cl_error.h"

namespace salus::engine::opencl {
namespace {

namespace fs = std::filesystem;

/// cl_khr_pci_bus_info, which Debian 12's headers know but older drivers' need not.
constexpr cl_device_info kPciBusInfo = 0x410F;
struct PciBusInfo {
  cl_uint domain, bus, device, function;
};

std::string pci_bus_id(const cl::Device& device) {
  if (device.getInfo<CL_DEVICE_EXTENSIONS>().find("cl_khr_pci_bus_info") == std::string::npos) {
    return "";
  }
  PciBusInfo pci{};
  if (clGetDeviceInfo(device(), kPciBusInfo, sizeof pci, &pci, nullptr) != CL_SUCCESS) return "";
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04x:%02x:%02x.%x", pci.domain, pci.bus, pci.device,
                pci.function);
  return text.data();
}

ListedDevice describe(const cl::Platform& platform, const cl::Device& device, unsigned index) {
  ListedDevice listed{platform, device, {}, platform.getInfo<CL_PLATFORM_VERSION>()};
  DeviceInfo& info = listed.info;
  info.backend = Backend::opencl;
  info.index = index;
  info.name = device.getInfo<CL_DEVICE_NAME>();
  info.vendor = device.getInfo<CL_DEVICE_VENDOR>();
  info.driver = platform.getInfo<CL_PLATFORM_NAME>() + " " + device.getInfo<CL_DRIVER_VERSION>();
  info.memory_bytes = device.getInfo<CL_DEVICE_GLOBAL_MEM_SIZE>();
  info.compute_units = device.getInfo<CL_DEVICE_MAX_COMPUTE_UNITS>();
  info.clock_mhz = device.getInfo<CL_DEVICE_MAX_CLOCK_FREQUENCY>();
  info.pci_bus_id = pci_bus_id(device);
  info.shares_host_cores = (device.getInfo<CL_DEVICE_TYPE>() & CL_DEVICE_TYPE_CPU) != 0;
  return listed;
}

bool usable(const cl::Device& device) {
  return device.getInfo<CL_DEVICE_AVAILABLE>() == CL_TRUE &&
         device.getInfo<CL_DEVICE_COMPILER_AVAILABLE>() == CL_TRUE &&
         device.getInfo<CL_DEVICE_ENDIAN_LITTLE>() == CL_TRUE;
}

/// The platform's devices; a platform whose driver fails has none.
std::vector<cl::Device> devices_of(const cl::Platform& platform) {
  std::vector<cl::Device> devices;
  try {
    platform.getDevices(CL_DEVICE_TYPE_ALL, &devices);
  } catch (const cl::Error&) {
    devices.clear();
  }
  return devices;
}

std::vector<cl::Platform> platforms() {
  std::vector<cl::Platform> found;
  try {
    cl::Platform::get(&found);
  } catch (const cl::Error&) {  // CL_PLATFORM_NOT_FOUND_KHR: no driver is registered
    found.clear();
  }
  return found;
}

bool is_forbidden(const fs::path& node) {
  return access(node.c_str(), R_OK | W_OK) != 0 && errno == EACCES;
}

/// GPU device nodes that exist and that this process may not open.
std::vector<std::string> forbidden_nodes() {
  std::vector<std::string> nodes;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator("/dev/dri", ignored)) {
    if (entry.path().filename().string().starts_with("renderD") && is_forbidden(entry.path())) {
      nodes.push_back(entry.path());
    }
  }
  for (const char* node : {"/dev/nvidiactl", "/dev/nvidia0", "/dev/kfd"}) {
    if (is_forbidden(node)) nodes.emplace_back(node);
  }
  return nodes;
}

/// Where the loader looks for drivers (OCL_ICD_VENDORS is ocl-icd's and Khronos' override).
std::string vendor_folder() {
  const char* override_folder = std::getenv("OCL_ICD_VENDORS");
  return override_folder != nullptr ? override_folder : "/etc/OpenCL/vendors";
}

std::vector<std::string> registered_drivers(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.path().extension() == ".icd") names.push_back(entry.path().filename());
  }
  return names;
}

std::string comma_list(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  return list;
}

}  // namespace

BackendStatus explain_no_device(const std::string& vendor_folder,
                                const std::vector<std::string>& forbidden_nodes) {
  BackendStatus status{Backend::opencl, false, "", ""};
  const std::vector<std::string> drivers = registered_drivers(vendor_folder);
  if (drivers.empty()) {
    status.detail = "no OpenCL driver (ICD) installed";
    status.advice = "install pocl-opencl-icd or your GPU vendor's ICD";
  } else if (!forbidden_nodes.empty()) {
    status.detail = "no permission on " + comma_list(forbidden_nodes);
    status.advice = "add your user to the groups render and video, then log in again";
  } else {
    status.detail = "no usable device behind " + comma_list(drivers);
    status.advice = "check the driver with clinfo, or install pocl-opencl-icd";
  }
  return status;
}

std::vector<ListedDevice> find_devices(BackendStatus& status) {
  status = {Backend::opencl, false, "", ""};
  if (const std::string& error = load_cl_api(); !error.empty()) {
    status.detail = "no OpenCL loader: " + error;
    status.advice = "install ocl-icd-libopencl1";
    return {};
  }
  std::vector<ListedDevice> listed;
  for (const cl::Platform& platform : platforms()) {
    for (const cl::Device& device : devices_of(platform)) {
      try {
        if (usable(device)) {
          listed.push_back(describe(platform, device, static_cast<unsigned>(listed.size())));
        }
      } catch (const cl::Error& error) {
        status.detail = "a device cannot be described: " + cl_error_name(error.err());
      }
    }
  }
  if (listed.empty()) {
    status = explain_no_device(vendor_folder(), forbidden_nodes());
    return {};
  }
  status.available = true;
  return listed;
}

}  // namespace salus::engine::opencl
