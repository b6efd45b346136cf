// Kernels built for a device, from the program cache where it has them.
#pragma once

#include "engine/opencl/device_context.h"
#include "engine/opencl/program_cache.h"

namespace salus::engine::opencl {

/// Builds `source` for a layout. Throws `Error` (device) with the build log.
class BuiltProgram {
 public:
  BuiltProgram(const DeviceContext& device, const ProgramCache& cache, const char* source,
               const Layout& layout);

  [[nodiscard]] cl::Kernel kernel(const char* name) const { return {program_, name}; }
  [[nodiscard]] bool from_cache() const { return from_cache_; }

  /// Keeps the program, unless it came from there. Worth calling once its kernels have run: some
  /// drivers finish compiling at the first launch, and keep what came of it in the program.
  void save(const ProgramCache& cache);

 private:
  bool take_from_cache(const DeviceContext& device, const ProgramCache& cache);
  void build(const DeviceContext& device, const char* source);

  std::string options_;
  Digest key_;
  cl::Program program_;
  bool from_cache_ = false;
};

/// The parts of a cache key that name device and driver.
std::vector<std::string> driver_identity(const DeviceContext& device);

}  // namespace salus::engine::opencl
