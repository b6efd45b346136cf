// The configuration of a node that is measured.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace salus::cli::bench {

struct NodeSettings {
  bool http = false;
  bool mqtt = false;
  bool mining = false;
  std::uint64_t statements = 0;  ///< That come: without blocks all of them wait.
};

/// The text of salus.toml: every setting at its default, but listeners on free ports, and blocks
/// each second. Throws `Error` (usage) for a listener that this build does not have.
std::string bench_settings(const NodeSettings& settings);

/// `config` with one setting changed, which may be missing in it: then false, and it stays as it
/// is.
bool change_setting(std::string& config, std::string_view table, std::string_view name,
                    std::string_view value);

}  // namespace salus::cli::bench
