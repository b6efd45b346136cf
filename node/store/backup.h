// Copies of a block store: RocksDB's backup engine, which copies each file once and knows its
// checksum.
#pragma once

#include <filesystem>

#include "node/store/database.h"

namespace salus::node {

/// `BlockStore::backup`.
void back_up(const Database& database, const std::filesystem::path& to);
/// `BlockStore::restore`.
void restore_backup(const std::filesystem::path& from, const std::filesystem::path& folder);

}  // namespace salus::node
