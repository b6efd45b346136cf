// Built programs and tuning results on disk, so that only the first start pays for a kernel build.
#pragma once

#include "engine/bytes.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace salus::engine::opencl {

/// Files named by key in one folder. A file carries its key and a checksum; one that is truncated,
/// altered or somebody else's is taken for missing and written anew. Several processes may share
/// the folder: files appear whole, by renaming. A folder that cannot be written costs a warning, no
/// more.
class ProgramCache {
 public:
  /// The folder is made when first written to. An empty path keeps nothing.
  explicit ProgramCache(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// $XDG_CACHE_HOME/salus/opencl, by default below ~/.cache; empty where there is no home.
  static std::filesystem::path default_folder();

  [[nodiscard]] std::optional<std::vector<std::uint8_t>> load(const Digest& key) const;
  void store(const Digest& key, Bytes payload) const;

  [[nodiscard]] std::filesystem::path file_of(const Digest& key) const;

 private:
  std::filesystem::path folder_;
};

/// SHA-256 over the parts and their lengths, so that no two lists of parts have one key by design.
Digest cache_key(const std::vector<std::string>& parts);

}  // namespace salus::engine::opencl
