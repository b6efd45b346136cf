#include "engine/cpu/cgroup.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace salus::engine::cpu {
namespace {

namespace fs = std::filesystem;

/// A hierarchy of groups: where it is mounted, and the process's group in it.
struct Hierarchy {
  bool version2 = false;
  std::string controllers;  ///< "cpu,cpuacct"; version 2 has all in one.
  fs::path mount;           ///< Where its root directory is.
  std::string mount_root;   ///< The group that is mounted there.
  std::string group;        ///< The process's group.
};

bool lists(std::string_view comma_list, std::string_view word) {
  while (!comma_list.empty()) {
    const std::size_t comma = comma_list.find(',');
    if (comma_list.substr(0, comma) == word) return true;
    if (comma == std::string_view::npos) break;
    comma_list.remove_prefix(comma + 1);
  }
  return false;
}

/// Mounts of cgroup file systems, from /proc/self/mountinfo (proc(5)): fields 4 and 5 are the root
/// and the mount point; after a lone "-" come the type, the source and the super block's options.
std::vector<Hierarchy> find_mounts(const fs::path& root) {
  std::vector<Hierarchy> out;
  std::ifstream file(root / "proc/self/mountinfo");
  for (std::string line; std::getline(file, line);) {
    std::istringstream fields(line);
    std::string skip;
    std::string mount;
    Hierarchy h;
    fields >> skip >> skip >> skip >> h.mount_root >> mount;
    while (fields >> skip && skip != "-") {
    }
    std::string type;
    if (!(fields >> type >> skip >> h.controllers) || !type.starts_with("cgroup")) continue;
    h.version2 = type == "cgroup2";
    h.mount = root / fs::path(mount).relative_path();
    out.push_back(h);
  }
  return out;
}

/// The process's group in each mounted hierarchy, from /proc/self/cgroup (cgroups(7)): lines
/// "id:controllers:path", with id 0 and no controllers for version 2.
std::vector<Hierarchy> find_groups(const fs::path& root) {
  std::vector<Hierarchy> out;
  const std::vector<Hierarchy> mounts = find_mounts(root);
  std::ifstream file(root / "proc/self/cgroup");
  for (std::string line; std::getline(file, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    for (Hierarchy h : mounts) {
      const bool same =
          h.version2 ? controllers.empty()
                     : !controllers.empty() &&
                           lists(h.controllers, controllers.substr(0, controllers.find(',')));
      if (!same) continue;
      h.group = line.substr(second + 1);
      out.push_back(h);
    }
  }
  return out;
}

/// The directories of the process's group and of the groups above it, as far as they are mounted.
std::vector<fs::path> directories(const Hierarchy& h) {
  std::string inside = h.group;
  if (h.mount_root != "/" && inside.starts_with(h.mount_root)) inside.erase(0, h.mount_root.size());
  std::vector<fs::path> out = {h.mount};
  fs::path directory = h.mount;
  for (const fs::path& part : fs::path(inside).relative_path()) {
    if (part == ".." || part.empty()) break;
    directory /= part;
    out.push_back(directory);
  }
  return out;
}

template <typename T>
void tighten(std::optional<T>& limit, T value) {
  limit = std::min(limit.value_or(value), value);
}

void read_cores(const Hierarchy& h, const fs::path& directory, CgroupLimits& limits) {
  double quota = 0;  // Version 2 says "max" and version 1 says -1 where there is no quota.
  double period = 0;
  if (h.version2) {
    std::ifstream file(directory / "cpu.max");
    if (!(file >> quota >> period)) return;
  } else {
    std::ifstream quota_file(directory / "cpu.cfs_quota_us");
    std::ifstream period_file(directory / "cpu.cfs_period_us");
    if (!(quota_file >> quota) || !(period_file >> period)) return;
  }
  if (quota > 0 && period > 0) tighten(limits.cores, quota / period);
}

void read_memory(const Hierarchy& h, const fs::path& directory, CgroupLimits& limits) {
  std::ifstream file(directory / (h.version2 ? "memory.max" : "memory.limit_in_bytes"));
  std::uint64_t bytes = 0;
  if (file >> bytes && bytes > 0) tighten(limits.memory_bytes, bytes);
}

}  // namespace

CgroupLimits read_cgroup_limits(const fs::path& root) {
  CgroupLimits limits;
  for (const Hierarchy& h : find_groups(root)) {
    for (const fs::path& directory : directories(h)) {
      if (h.version2 || lists(h.controllers, "cpu")) read_cores(h, directory, limits);
      if (h.version2 || lists(h.controllers, "memory")) read_memory(h, directory, limits);
    }
  }
  return limits;
}

}  // namespace salus::engine::cpu
