// `salus hash --check`: the files of manifests against their digests, as `sha256sum --check` does.
#pragma once

#include <span>
#include <string>

#include "engine/engine.h"
#include "engine/files/file_hasher.h"

namespace salus::cli {

struct CheckOptions {
  bool ok_lines = true;         ///< A line for each file that is as it should be.
  bool status_only = false;     ///< No lines for files and no summary at all.
  bool warn = false;            ///< Say which lines are malformed.
  bool strict = false;          ///< A malformed line is a failure.
  bool ignore_missing = false;  ///< Pass over files that do not exist.
};

/// Checks every manifest in order; "-" is standard input. The exit code: `kRefused` when anything
/// that a manifest lists is not as it should be, else `kUsage` when a manifest cannot be read or
/// has no entries.
int check_manifests(std::span<const std::string> manifests, const CheckOptions& options,
                    files::FileHasherOptions hasher_options, const engine::JobControl& control);

}  // namespace salus::cli
