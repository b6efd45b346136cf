// What a backup says of itself: a text file, a line for each thing, that is replaced as a whole.
//
//   Salus backup, format 1
//   chain 64 hex digits, as block ids are shown
//   number 3
//   height 1204
//   file 1f...9c 67108864 intake/00000000000000000001.log
//   end
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/bytes.h"

namespace salus::node {

/// A file in the backup's own folder.
struct BackupFile {
  Digest digest{};  ///< SHA-256
  std::uint64_t bytes = 0;
  std::string name;  ///< Relative to the folder.

  friend bool operator==(const BackupFile&, const BackupFile&) = default;
};

struct BackupManifest {
  std::string chain;
  std::uint32_t number = 0;
  std::uint64_t height = 0;
  std::vector<BackupFile> files;

  friend bool operator==(const BackupManifest&, const BackupManifest&) = default;
};

std::string to_text(const BackupManifest& manifest);

/// Throws `Error` (input), naming `where`, for anything that `to_text` does not write.
BackupManifest parse_manifest(const std::string& text, const std::string& where);

/// All files below a folder, with their digests, by name.
std::vector<BackupFile> list_files(const std::filesystem::path& folder);

/// Copies a file, which becomes durable, and returns what was copied. The target's folder is to be
/// synced after.
BackupFile copy_durably(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace salus::node
