#include "engine/opencl/tuning.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/error.h"
#include "engine/opencl/cl_error.h"
#include "engine/opencl/kernel_sources.h"
#include "engine/opencl/scanner.h"

namespace salus::engine::opencl {
namespace {

constexpr std::uint32_t kHitCapacity = 64;  // measuring finds nothing

unsigned native_lanes(const DeviceContext& device) {
  const unsigned width = device.listed.device.getInfo<CL_DEVICE_NATIVE_VECTOR_WIDTH_INT>();
  for (const unsigned lanes : {16u, 8u, 4u}) {
    if (width >= lanes) return lanes;
  }
  return 1;
}

Digest tuning_key(const DeviceContext& device, unsigned forced_lanes) {
  std::vector<std::string> parts = driver_identity(device);
  parts.insert(parts.end(), {"tuning 1", kMineSource, std::to_string(forced_lanes),
                             std::to_string(device.compute_units)});
  return cache_key(parts);
}

std::optional<Tuning> load_tuning(const ProgramCache& cache, const Digest& key) {
  const auto bytes = cache.load(key);
  if (!bytes) return std::nullopt;
  try {
    const auto json = nlohmann::json::parse(*bytes);
    const Layout layout{json.at("lanes"), json.at("local"), json.at("short_chain")};
    return Tuning{layout, json.at("reason")};
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;  // not what this version writes: measured anew
  }
}

void save_tuning(const ProgramCache& cache, const Digest& key, const Tuning& tuning) {
  const std::string text = nlohmann::json{
      {"lanes", tuning.layout.lanes},
      {"local", tuning.layout.local},
      {"short_chain", tuning.layout.short_chain},
      {"reason",
       tuning.reason}}.dump();
  cache.store(key, as_bytes(text));
}

double measure(const DeviceContext& device, const ProgramCache& cache, const Layout& layout) {
  BuiltProgram program(device, cache, kMineSource, layout);
  Scanner scanner(device, program, layout, kHitCapacity);
  return scanner.measure(1);
}

}  // namespace

std::vector<Layout> plausible_layouts(const DeviceContext& device) {
  const unsigned native = native_lanes(device);
  if (device.listed.info.shares_host_cores) {
    // One work-item a group: a driver's work-item loops only get in the way of explicit vectors.
    std::vector<Layout> layouts = {{native, 1}};
    if (native == 16) layouts.push_back({native, 1, true});
    if (native > 4) layouts.push_back({native / 2, 1});
    return layouts;
  }
  const std::size_t largest = device.listed.device.getInfo<CL_DEVICE_MAX_WORK_GROUP_SIZE>();
  std::vector<Layout> layouts;
  for (const std::size_t local : {std::size_t{64}, std::size_t{128}, std::size_t{256}}) {
    if (local > largest) continue;
    layouts.push_back({1, local});
    if (native > 1) layouts.push_back({native, local});
  }
  if (layouts.empty()) layouts.push_back({1, largest});
  return layouts;
}

Tuning tune(const DeviceContext& device, const ProgramCache& cache, unsigned forced_lanes) {
  const Digest key = tuning_key(device, forced_lanes);
  if (auto known = load_tuning(cache, key)) return *known;

  std::vector<Layout> layouts = plausible_layouts(device);
  if (forced_lanes != 0) {
    for (Layout& layout : layouts) layout = {forced_lanes, layout.local, forced_lanes == 16};
    layouts.erase(std::unique(layouts.begin(), layouts.end()), layouts.end());
  }
  std::vector<std::pair<double, Layout>> measured;
  std::string failure = "no layout fits";
  for (const Layout& layout : layouts) {
    try {
      measured.emplace_back(measure(device, cache, layout), layout);
    } catch (const cl::Error& error) {
      failure = device_error(device.id, error).what();
    } catch (const Error& error) {
      failure = error.what();
    }
  }
  if (measured.empty()) throw Error(ErrorKind::device, failure);
  std::sort(measured.begin(), measured.end(),
            [](const auto& a, const auto& b) { return a.first > b.first; });
  Tuning best{measured[0].second, fmt::format("{:.1f} MH/s", measured[0].first / 1e6)};
  for (std::size_t i = 1; i < measured.size(); ++i) {
    best.reason +=
        fmt::format("; {} {:.1f}", to_string(measured[i].second), measured[i].first / 1e6);
  }
  save_tuning(cache, key, best);
  return best;
}

Tuning force(const DeviceContext& device, const std::string& name) {
  for (const Layout& layout : plausible_layouts(device))
    if (to_string(layout) == name) return {layout, kForced};
  throw Error(ErrorKind::usage, fmt::format("{} has no layout \"{}\"", device.id, name));
}

}  // namespace salus::engine::opencl
