// What is in the folder of a block store beside RocksDB's: a file that says what it is, and a lock.
#pragma once

#include <filesystem>

namespace salus::node {

/// Makes the folder where it is not there, and checks, or writes, its file `format`.
void prepare_store_folder(const std::filesystem::path& folder);

/// Writes the file `format` of a folder whose database has just been put there.
void prepare_restored_folder(const std::filesystem::path& folder);

/// RocksDB's part of it.
inline std::filesystem::path database_folder(const std::filesystem::path& folder) {
  return folder / "rocksdb";
}

}  // namespace salus::node
