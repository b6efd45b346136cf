// The bodies of statements: chunks in the order of the chain, out of which single ones can be
// deleted.
//
//   bodies  height (4) | index of the first (4)  ->  chunk
//   meta    "bodies-pruned-below"                ->  height (4): below, all bodies were deleted
//           "unpurged" | height (4) | number (8) ->  nothing: files may still hold deleted bodies
//           of this block
#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "node/store/block_store.h"
#include "node/store/database.h"
#include "node/store/paced_writer.h"

namespace salus::node {

/// Threads as for `BlockStore`.
class BodyColumn {
 public:
  explicit BodyColumn(Database& database);

  /// The bodies of a new block without those at `erased`. Nobody finds them before its header.
  void put(PacedWriter& ahead, Height height, std::span<const Bytes> bodies,
           std::span<const Position> erased) const;
  /// The deletion of those at `erased` that are below a new block's height.
  void erase_below(rocksdb::WriteBatch& batch, Height height,
                   std::span<const Position> erased) const;
  /// For a block that leaves the chain.
  void remove(rocksdb::WriteBatch& batch, Height height) const;
  /// Notes that files may hold deleted bodies of this block.
  void mark_unpurged(rocksdb::WriteBatch& batch, Height height) const;

  /// `statements` is how many the block has.
  [[nodiscard]] StoredBody body(Position at, std::uint32_t statements) const;
  [[nodiscard]] StoredBodies bodies(Height height, std::uint32_t statements) const;

  /// Marks bodies as gone, in one synced batch for every block. Returns how many were present.
  std::size_t erase(std::span<const Position> statements, BodyPresence mark);
  void prune_below(Height below);
  /// Rewrites files until none holds a deleted body.
  void purge();

 private:
  /// What stands where no chunk does.
  [[nodiscard]] BodyPresence without_chunk(Height height) const;
  std::size_t erase_in_block(rocksdb::WriteBatch& batch, Height height,
                             std::span<const std::uint32_t> indexes, BodyPresence mark) const;
  /// Keys of such marks, in order.
  [[nodiscard]] std::vector<std::string> unpurged() const;
  void compact_marked(const std::vector<std::string>& marks);
  void compact(Height from, Height to);

  Database& database_;
  std::atomic<Height> pruned_below_ = 0;
  /// Of the next mark: a mark that is made while `purge` runs is not one that it deletes.
  mutable std::atomic<std::uint64_t> next_mark_ = 0;
};

}  // namespace salus::node
