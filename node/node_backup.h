// Copies of a node's folder: of one that is running (`Node::back_up`), or of one that is not.
//
//   OUT/backup        which of the copies in OUT is whole, and all files of it with their digests
//   OUT/unfinished    there while one is being made: without `backup`, OUT holds none that is whole
//   OUT/blocks        the block store, as RocksDB's backup engine writes it
//   OUT/NUMBER        genesis.toml, salus.toml and the intake log, and the keys where asked for
//
// OUT holds one copy: the next one copies only those files of the block store that are new, and
// takes the place of the one before when it is whole, in one step. Whatever ends the program before
// that leaves the one before as it was.
#pragma once

#include <cstdint>
#include <filesystem>

#include "node/store/block_store.h"
#include "node/store/intake_log.h"

namespace salus::node {

struct BackupReport {
  std::uint64_t height = 0;  ///< The chain has at least so many blocks on top of genesis.
  std::uint64_t bytes = 0;   ///< Of all files in OUT.
};

/// Writes a copy of a node's folder to `out`. `store` and `log` are open, and may be in use;
/// nothing of the log may be released meanwhile. Keys, all files *.pem in the folder, are only
/// copied with `with_keys`. Throws `Error`: (usage) where `out` holds something else, or a backup
/// of another chain, (system) for what cannot be written.
BackupReport back_up_folder(const std::filesystem::path& folder, const BlockStore& store,
                            const IntakeLog& log, const std::filesystem::path& out, bool with_keys);

/// Makes a node's folder, which must not be there or be empty, from the backup in `from`. Every
/// file is compared with its digest or checksum. The folder is a node's only once all of it is
/// there and synced. Throws `Error`: (usage) where the folder is not empty, (input) where there is
/// no backup, none that is whole, or a file of it is missing or damaged, which is named, (system)
/// for what cannot be written.
void restore_folder(const std::filesystem::path& from, const std::filesystem::path& folder);

}  // namespace salus::node
