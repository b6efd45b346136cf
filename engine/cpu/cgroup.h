// Limits that Linux control groups, version 1 or 2, put on this process.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace salus::engine::cpu {

/// Nothing where no group sets the limit.
struct CgroupLimits {
  std::optional<double> cores;  ///< CPU time a second: 1.5 is a core and a half.
  std::optional<std::uint64_t> memory_bytes;
};

/// The tightest limits of the process's groups and of all groups above them. Files that are missing
/// or unreadable set no limit. `root` is where /proc and the cgroup mounts are looked up.
CgroupLimits read_cgroup_limits(const std::filesystem::path& root = "/");

}  // namespace salus::engine::cpu
