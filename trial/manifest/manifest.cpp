#include "trial/manifest/manifest.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/error.h"
#include "trial/manifest/manifest_lines.h"

namespace salus::trial {

namespace fs = std::filesystem;

namespace {

/// Sorts by path; a path that is there twice with one digest counts once.
void put_in_order(Manifest& manifest, const std::string& name) {
  auto& files = manifest.files;
  std::stable_sort(files.begin(), files.end(),
                   [](const auto& a, const auto& b) { return a.path < b.path; });
  const auto same_path = [](const auto& a, const auto& b) { return a.path == b.path; };
  for (auto at = files.begin();
       (at = std::adjacent_find(at, files.end(), same_path)) != files.end(); ++at)
    if (at->digest != std::next(at)->digest)
      throw Error(ErrorKind::input, fmt::format("{}: {} is there twice, with different digests",
                                                shown_name(name), shown_name(at->path)));
  files.erase(std::unique(files.begin(), files.end(), same_path), files.end());
}

}  // namespace

std::string_view to_string(ManifestKind kind) {
  switch (kind) {
    case ManifestKind::sha256sum: return "sha256sum";
    case ManifestKind::hashdeep: return "hashdeep";
    case ManifestKind::bagit: return "bagit";
  }
  return "";
}

bool may_be_manifest(const fs::path& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return fs::exists(path, error);
  return fs::is_regular_file(path / kBagDeclaration, error);
}

Manifest read_manifest(const fs::path& path, const fs::path& folder) {
  Manifest manifest;
  std::error_code error;
  const bool is_folder = fs::is_directory(path, error);
  const fs::path base = is_folder ? path : path.parent_path();
  if (is_folder || (path.filename() == kBagManifest && fs::exists(base / kBagDeclaration, error))) {
    read_bag(base, manifest);
  } else {
    ManifestLines lines(path);
    const auto first = lines.next();
    if (first && *first == kHashdeepMagic)
      read_hashdeep(lines, folder, manifest);
    else
      read_sha256sum(lines, first, folder, manifest);
  }
  put_in_order(manifest, path.string());
  return manifest;
}

}  // namespace salus::trial
