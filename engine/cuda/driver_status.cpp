#include "engine/cuda/driver_status.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace salus::engine::cuda {
namespace {

std::string version_text(int version) {
  return fmt::format("{}.{}", version / 1000, version % 1000 / 10);
}

bool refused(const char* path) {
  return access(path, F_OK) == 0 && access(path, R_OK | W_OK) != 0 && errno == EACCES;
}

BackendStatus unavailable(std::string detail, std::string advice) {
  return {Backend::cuda, false, std::move(detail), std::move(advice)};
}

BackendStatus describe_other_error(const DriverFindings& found) {
  return unavailable(fmt::format("the NVIDIA driver reports: {} ({})",
                                 cudaGetErrorString(found.status), cudaGetErrorName(found.status)),
                     "look at `nvidia-smi` and the kernel log (`dmesg | grep -i nvrm`)");
}

}  // namespace

DriverFindings find_driver() {
  DriverFindings found;
  static_cast<void>(cudaDriverGetVersion(&found.driver_version));
  static_cast<void>(cudaRuntimeGetVersion(&found.runtime_version));
  found.status = cudaGetDeviceCount(&found.device_count);
  if (found.status != cudaSuccess) found.device_count = 0;
  static_cast<void>(cudaGetLastError());
  found.kernel_module = access("/proc/driver/nvidia/version", F_OK) == 0;
  static constexpr std::array kNodes = {"/dev/nvidiactl", "/dev/nvidia0", "/dev/nvidia-uvm"};
  for (const char* node : kNodes) found.nodes_refused |= refused(node);
  return found;
}

BackendStatus describe(const DriverFindings& found) {
  if (found.status == cudaSuccess && found.device_count > 0) return {Backend::cuda, true, "", ""};
  if (found.driver_version == 0) {
    if (found.kernel_module)
      return unavailable(
          "the NVIDIA kernel driver is loaded, but libcuda.so.1 is missing",
          "install the driver's CUDA library (Debian: libcuda1); in a container, start "
          "it with the NVIDIA container runtime");
    return unavailable("no NVIDIA driver (libcuda.so.1 is missing)",
                       "install the NVIDIA driver if there is an NVIDIA GPU");
  }
  if (found.nodes_refused)
    return unavailable(
        "no permission to use /dev/nvidia*",
        "add this user to the group that owns the device nodes (`ls -l /dev/nvidia*`), "
        "usually video or render, and log in again");
  if (found.status == cudaErrorInsufficientDriver)
    return unavailable(
        fmt::format("the NVIDIA driver is too old: it supports CUDA {}, this build needs {}",
                    version_text(found.driver_version), version_text(found.runtime_version)),
        fmt::format("update the NVIDIA driver to one that supports CUDA {}",
                    version_text(found.runtime_version)));
  if (found.status == cudaErrorNoDevice || found.status == cudaSuccess) {
    if (!found.kernel_module)
      return unavailable(
          "the NVIDIA driver library is installed, but its kernel module is not loaded",
          "load it (`sudo modprobe nvidia`), or reboot after a driver update");
    return unavailable("the NVIDIA driver sees no GPU",
                       "look at `nvidia-smi`; CUDA_VISIBLE_DEVICES may hide devices");
  }
  return describe_other_error(found);
}

}  // namespace salus::engine::cuda
