// Bodies deleted to save room: by age and type, with everything that proofs need kept.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "node/chain/chain.h"
#include "node/statement/statement.h"
#include "node/store/block_store.h"

namespace salus::node {

/// Types whose bodies may be pruned: data. What changes keys, erasures and validators' statements
/// are what the chain is checked by, and stay.
std::span<const ContentType> prunable_types();
bool is_prunable(ContentType type);

struct PruneRequest {
  std::vector<ContentType> types;  ///< Prunable ones.
  std::int64_t before = 0;         ///< Seconds since 1970: in blocks from before this time.
  Height keep_blocks = 0;          ///< The last blocks, so many, are left alone.
};

struct PruneReport {
  Height below = 0;  ///< Blocks below this height were looked at.
  std::uint64_t statements = 0;
  std::uint64_t bytes = 0;  ///< Of their bodies, as they were signed.
};

/// What `prune` would delete.
PruneReport count_prunable(const BlockStore& store, const PruneRequest& request);

/// Deletes them, and rewrites the files that held them (`BlockStore::purge`). May be done again
/// after it was interrupted.
PruneReport prune(BlockStore& store, const PruneRequest& request);

}  // namespace salus::node
