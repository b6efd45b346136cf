#include "engine/opencl/programs.h"

#include <fmt/format.h>

#include "engine/log.h"
#include "engine/opencl/cl_error.h"

namespace salus::engine::opencl {
namespace {

constexpr std::size_t kMaxLogBytes = 4096;

std::string build_log(const cl::BuildError& error) {
  std::string text;
  for (const auto& [device, log] : error.getBuildLog()) text += log;
  if (text.size() > kMaxLogBytes) text = text.substr(0, kMaxLogBytes) + "...";
  return text;
}

}  // namespace

std::vector<std::string> driver_identity(const DeviceContext& device) {
  return {device.listed.info.name, device.listed.info.driver, device.listed.platform_version};
}

BuiltProgram::BuiltProgram(const DeviceContext& device, const ProgramCache& cache,
                           const char* source, const Layout& layout)
    : options_(fmt::format("-cl-std=CL1.2 -DSALUS_LANES={} -DSALUS_LOCAL={}{}{}", layout.lanes,
                           layout.local, layout.short_chain ? " -DSALUS_SHORT_CHAIN" : "",
                           layout.calls ? " -DSALUS_CALLS" : "")) {
  std::vector<std::string> parts = driver_identity(device);
  parts.insert(parts.end(), {source, options_});
  key_ = cache_key(parts);
  from_cache_ = take_from_cache(device, cache);
  if (!from_cache_) build(device, source);
}

bool BuiltProgram::take_from_cache(const DeviceContext& device, const ProgramCache& cache) {
  const auto binary = cache.load(key_);
  if (!binary) return false;
  try {
    program_ = cl::Program(device.context, {device.listed.device}, {*binary});
    program_.build(device.listed.device, options_.c_str());
    return true;
  } catch (const cl::Error& error) {
    logging::info("{}: the driver refuses a cached program ({}), building it anew", device.id,
                  cl_error_name(error.err()));
    return false;
  }
}

void BuiltProgram::build(const DeviceContext& device, const char* source) {
  program_ = cl::Program(device.context, std::string(source));
  try {
    program_.build(device.listed.device, options_.c_str());
  } catch (const cl::BuildError& error) {
    throw Error(ErrorKind::device, fmt::format("{}: a kernel does not build with {}: {}", device.id,
                                               options_, build_log(error)));
  }
}

void BuiltProgram::save(const ProgramCache& cache) {
  if (from_cache_) return;
  const auto binaries = program_.getInfo<CL_PROGRAM_BINARIES>();
  if (binaries.size() == 1 && !binaries[0].empty()) cache.store(key_, binaries[0]);
  from_cache_ = true;
}

}  // namespace salus::engine::opencl
