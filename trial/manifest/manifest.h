// Manifests of tools that people already have, as `salus trial verify` takes them in place of a
// seal and as a seal is written for those tools.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/bytes.h"

namespace salus::trial {

enum class ManifestKind : std::uint8_t {
  sha256sum,  ///< GNU coreutils, BSD's `sha256`, rhash.
  hashdeep,   ///< hashdeep 1.0, with a sha256 column.
  bagit,      ///< RFC 8493: `manifest-sha256.txt` of a bag, with its tag manifest.
};
/// "sha256sum", "hashdeep", "bagit".
std::string_view to_string(ManifestKind kind);
std::optional<ManifestKind> manifest_kind(std::string_view name);

struct ManifestFile {
  std::string path;  ///< Relative, no "." or ".." in it, no empty part, no leading "/".
  Digest digest{};
  std::optional<std::uint64_t> bytes;  ///< Where the manifest says so.

  friend bool operator==(const ManifestFile&, const ManifestFile&) = default;
};

struct Manifest {
  ManifestKind kind = ManifestKind::sha256sum;
  std::vector<ManifestFile> files;  ///< Sorted bytewise by path, each path once.
  /// The part of the folder that the manifest claims to list whole: a file below it that is not
  /// named was added. Empty is all of the folder; a bag speaks for "data/" only.
  std::string scope;
};

/// Reads a manifest of any kind; which, is told by its content and, for a bag, by its name or by
/// the folder that `path` then is. Throws `Error` (system) when it cannot be read, and `Error`
/// (input) with the line's number for what is no manifest, for a path that would lead out of the
/// folder, and for a path that is named twice with different digests.
Manifest read_manifest(const std::string& path);

/// Whether `path` may be appended to a folder's name without leaving it, and is written in the one
/// way in which this project writes it: relative, no empty part, no "." or "..", no NUL.
bool is_inside_path(std::string_view path);

}  // namespace salus::trial
