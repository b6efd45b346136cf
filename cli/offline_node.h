// A node's folder, opened by a command that works while the node is not running.
#pragma once

#include <filesystem>

#include "cli/command.h"
#include "engine/engine.h"
#include "node/chain/block_store_storage.h"
#include "node/chain/genesis.h"
#include "node/store/block_store.h"

namespace salus::cli {

/// Its genesis and its store of blocks. The constructor throws `Error`: (input) where the folder is
/// no node's, (system) where a running node, or another command, has it.
class OfflineNode {
 public:
  explicit OfflineNode(const std::filesystem::path& folder);

  [[nodiscard]] const node::Genesis& genesis() const { return genesis_; }
  [[nodiscard]] node::BlockStore& store() { return store_; }
  [[nodiscard]] node::BlockStoreStorage& storage() { return storage_; }
  /// Of the last block. Throws `Error` (input) where there is none: the node has never run.
  [[nodiscard]] node::Height tip_height() const;

 private:
  std::filesystem::path folder_;
  node::Genesis genesis_;
  node::BlockStore store_;
  node::BlockStoreStorage storage_;
};

}  // namespace salus::cli
