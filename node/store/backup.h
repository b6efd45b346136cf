// Copies of a block store: RocksDB's backup engine, which copies each file once and knows its
// checksum.
#pragma once

#include <cstdint>
#include <filesystem>

#include "node/store/database.h"

namespace salus::node {

/// `BlockStore::backup`.
std::uint32_t back_up(const Database& database, const std::filesystem::path& to);
/// `BlockStore::keep_newest_backup`.
void keep_newest_backup(const std::filesystem::path& to);
/// `BlockStore::restore`.
void restore_backup(const std::filesystem::path& from, std::uint32_t number,
                    const std::filesystem::path& folder);

}  // namespace salus::node
