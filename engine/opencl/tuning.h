// Which layout of the kernels is fastest on a device: measured once, kept in the program cache.
#pragma once

#include "engine/opencl/device_context.h"
#include "engine/opencl/program_cache.h"

#include <string>
#include <vector>

namespace salus::engine::opencl {

/// The reason of a layout that nobody measured.
inline constexpr const char* kForced = "forced";

/// A layout and why it was taken.
struct Tuning {
  Layout layout;
  std::string reason;  ///< "69.8 MH/s; 8 lanes x 1 35.0"
};

/// Layouts worth measuring: by native vector width on CPUs, by work-group size elsewhere.
std::vector<Layout> plausible_layouts(const DeviceContext& device);

/// The layout that was measured to scan headers fastest. With `forced_lanes` not 0 only layouts
/// with that many lanes are measured. Throws `Error` (device) when no layout runs.
Tuning tune(const DeviceContext& device, const ProgramCache& cache, unsigned forced_lanes);

/// The plausible layout with this name. Throws `Error` (usage) when there is none.
Tuning force(const DeviceContext& device, const std::string& name);

}  // namespace salus::engine::opencl
