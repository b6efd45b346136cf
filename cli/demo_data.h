// Where the input of `salus demo` lies.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace salus::cli {

/// share/salus/demo beside the program, or data/demo of the source tree that it was built from.
/// Throws `Error` (system) with the places looked at when it is in neither.
std::filesystem::path demo_folder();

struct NamedFile {
  std::string name;
  std::vector<std::uint8_t> content;
};

/// The files right in `folder`, by name. Throws `Error` (system).
std::vector<NamedFile> read_folder(const std::filesystem::path& folder);

/// A whole file. Throws `Error` (system) naming it.
std::vector<std::uint8_t> read_file(const std::filesystem::path& file);

}  // namespace salus::cli
