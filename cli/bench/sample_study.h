// Made-up trial data, for measurements: vital signs of eight variables, as CSV and as SAS transport
// file.
#pragma once

#include <cstdint>
#include <filesystem>

namespace salus::cli::bench {

// Both write `records` records (at least 1), the same for the same number everywhere. Throw `Error`
// (system) when the file cannot be written.

/// About 180 bytes a record.
void write_sample_csv(const std::filesystem::path& path, std::uint64_t records);

/// 200 bytes a record, version 5.
void write_sample_xpt(const std::filesystem::path& path, std::uint64_t records);

}  // namespace salus::cli::bench
