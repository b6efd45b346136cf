// The lines of a manifest, and the paths in them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "engine/files/descriptor.h"
#include "engine/manifest/line_reader.h"
#include "trial/manifest/manifest.h"

namespace salus::trial {

/// Not thread safe.
class ManifestLines {
 public:
  /// Throws `Error` (system).
  explicit ManifestLines(const std::filesystem::path& path);

  /// The next line without its end; a carriage return there does not count. Throws `Error`.
  std::optional<std::string_view> next();

  /// Throws `Error` (input) that names file and line; of a file without lines that it is empty.
  [[noreturn]] void refuse(std::string_view reason) const;

 private:
  std::string name_;
  files::Descriptor file_;
  manifest::LineReader lines_;
};

/// A name in a manifest as a path from `folder` on; nothing for one that leads out of it. Names in
/// `invoked_from`, if not empty, are below `folder`, too.
std::optional<std::string> path_in_folder(std::string_view name,
                                          const std::filesystem::path& folder,
                                          std::string_view invoked_from);

/// The file's path with each byte of control as \xNN, for messages.
std::string shown_name(std::string_view name);

// Each reads one kind, from the line behind `first`, which was read already.

void read_sha256sum(ManifestLines& lines, std::optional<std::string_view> first,
                    const std::filesystem::path& folder, Manifest& out);
void read_hashdeep(ManifestLines& lines, const std::filesystem::path& folder, Manifest& out);
/// `base` is the bag's folder.
void read_bag(const std::filesystem::path& base, Manifest& out);

/// What a hashdeep manifest begins with.
inline constexpr std::string_view kHashdeepMagic = "%%%% HASHDEEP-1.0";
inline constexpr std::string_view kBagDeclaration = "bagit.txt";
inline constexpr std::string_view kBagManifest = "manifest-sha256.txt";
inline constexpr std::string_view kBagTagManifest = "tagmanifest-sha256.txt";
inline constexpr std::string_view kBagInfo = "bag-info.txt";
inline constexpr std::string_view kBagPayload = "data/";

}  // namespace salus::trial
