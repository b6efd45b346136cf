// Blocks that are not on the chain, by id: at most so many, the highest.
//
//   side-blocks  0 | id (32)  ->  height (4)
//                1 | id (32)  ->  the block, as the chain encodes it
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "node/store/block_store.h"
#include "node/store/database.h"

namespace salus::node {

/// Threads as for `BlockStore`.
class SideBlocks {
 public:
  SideBlocks(Database& database, std::size_t max_blocks, std::size_t max_bytes);

  /// Puts what keeping the block takes into the batch; false, with the batch as it was, when it
  /// does not fit. `written` is to be called after the batch is.
  bool put(rocksdb::WriteBatch& batch, const BlockId& id, Height height, Bytes block);
  void remove(rocksdb::WriteBatch& batch, const BlockId& id);
  void remove_below(rocksdb::WriteBatch& batch, Height below);
  void written();

  [[nodiscard]] std::optional<std::vector<std::uint8_t>> block(const BlockId& id) const;
  [[nodiscard]] std::vector<SideBlock> list() const;

 private:
  struct Place {
    Height height = 0;
    std::size_t bytes = 0;
  };
  using Blocks = std::map<BlockId, Place>;

  Database& database_;
  std::size_t max_blocks_;
  std::size_t max_bytes_;
  mutable std::mutex mutex_;  ///< Of `blocks_`.
  Blocks blocks_;             ///< What is written.
  Blocks next_;               ///< What will be, with the batch.
};

}  // namespace salus::node
