#include "cli/bench/node_settings.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/error.h"
#include "node/config.h"

namespace salus::cli::bench {
namespace {

void change(std::string& config, std::string_view table, std::string_view name,
            std::string_view value) {
  if (!change_setting(config, table, name, value))
    throw Error(ErrorKind::usage,
                fmt::format("nodes of this build have no setting {}.{}", table, name));
}

/// Free ports, so that a node that runs already is not in the way.
void set_listener(std::string& config, std::string_view table, bool is_wanted) {
  const bool is_there = change_setting(config, table, "enabled", is_wanted ? "true" : "false");
  if (is_there) change(config, table, "port", "0");
  if (is_wanted && !is_there)
    throw Error(ErrorKind::usage, fmt::format("nodes of this build do not listen for {}", table));
}

}  // namespace

bool change_setting(std::string& config, std::string_view table, std::string_view name,
                    std::string_view value) {
  const std::size_t head = config.find(fmt::format("\n[{}]\n", table));
  if (head == std::string::npos) return false;
  const std::size_t end = std::min(config.find("\n[", head + 1), config.size());
  const std::string key = fmt::format("\n{} = ", name);
  const std::size_t found = config.find(key, head);
  if (found == std::string::npos || found >= end) return false;
  const std::size_t begin = found + key.size();
  config.replace(begin, std::min(config.find('\n', begin), config.size()) - begin, value);
  return true;
}

std::string bench_settings(const NodeSettings& settings) {
  constexpr std::uint64_t kRoom = 1 << 20;
  constexpr std::uint64_t kBytesEach = 1024;
  std::string config = node::default_config();
  set_listener(config, "http", settings.http);
  set_listener(config, "mqtt", settings.mqtt);
  change(config, "mining", "enabled", settings.mining ? "true" : "false");
  change(config, "mining", "interval_ms", "1000");
  if (settings.mining) return config;
  const std::uint64_t most = settings.statements + kRoom;
  change(config, "mempool", "max_statements", std::to_string(most));
  change(config, "mempool", "max_bytes", std::to_string(most * kBytesEach));
  return config;
}

}  // namespace salus::cli::bench
