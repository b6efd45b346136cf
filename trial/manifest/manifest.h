// Manifests of tools that people already have: read, so that a folder can be verified against one
// in place of a seal, and written from a seal for those tools.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/bytes.h"

namespace salus::trial {

enum class ManifestKind : std::uint8_t {
  sha256sum,  ///< GNU coreutils, BSD's `sha256`, rhash.
  hashdeep,   ///< hashdeep 1.0, with a sha256 column.
  bagit,  ///< A bag of RFC 8493: `manifest-sha256.txt` and, where there is one, its tag manifest.
};
/// "sha256sum", "hashdeep", "bagit".
std::string_view to_string(ManifestKind kind);

struct ManifestFile {
  std::string path;  ///< From the folder on; `is_sealable_path` holds.
  Digest digest{};
  std::optional<std::uint64_t> bytes;  ///< Where the manifest says so.

  friend bool operator==(const ManifestFile&, const ManifestFile&) = default;
};

struct Manifest {
  ManifestKind kind = ManifestKind::sha256sum;
  std::vector<ManifestFile> files;  ///< Sorted by the paths' bytes, each path once.
  /// The part of the folder that the manifest claims to list whole: a file below it that is not
  /// named was added. Empty for all of the folder; a bag speaks for "data/" only.
  std::string scope;
};

/// The longest line that is read.
inline constexpr std::size_t kMaxManifestLine = std::size_t{64} << 10;

/// Whether `path` is a file that could be a manifest, or the folder of a bag; not a folder of any
/// other kind, such as a seal.
bool may_be_manifest(const std::filesystem::path& path);

/// Reads a manifest. Which kind it is, is told by its content and, for a bag, by its name or by
/// `bagit.txt` in the folder that `path` then is. "./" in front of names is passed over; a name
/// that is absolute is taken where it lies below `folder`, or below the folder that hashdeep says
/// it was run in. Throws `Error` (system) when it cannot be read, and `Error` (input) naming file
/// and line for what is no manifest, for a path that would lead out of the folder, and for one that
/// is there twice with different digests.
Manifest read_manifest(const std::filesystem::path& path, const std::filesystem::path& folder);

/// What `sha256sum -c --strict` takes. Sizes do not count.
std::string sha256sum_text(std::span<const ManifestFile> files);

/// What `hashdeep -a -l -k MANIFEST -r .` takes within the folder. Throws `Error` (usage) for a
/// file without a size, and for a name with a line feed: hashdeep has no way to write that.
std::string hashdeep_text(std::span<const ManifestFile> files);

/// The lines of a bag's manifest or tag manifest. Throws `Error` (usage) for a name that is not
/// UTF-8, which a bag must have.
std::string bag_manifest_text(std::span<const ManifestFile> files);

}  // namespace salus::trial
