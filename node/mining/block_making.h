// What every way of making blocks has in common.
#pragma once

#include <cstdint>

#include "engine/engine.h"
#include "node/chain/block_builder.h"
#include "node/mining/block_content.h"

namespace salus::node {

/// A block that lacks nothing but work.
struct PreparedBlock {
  BlockContent content;
  BlockTemplate block;
};

/// Chooses content, and puts a block together on top of the chain. `sign` makes statement 0.
PreparedBlock prepare_block(const Chain& chain, engine::Engine& engine, Mempool& mempool,
                            const ContentLimits& limits, std::int64_t now,
                            const SignValidatorStatement& sign);

/// Whether the rules for time and for turns let this validator make the next block: it waits while
/// the chain's times have run ahead of the clock, and while it has had its share of the last
/// blocks.
bool may_make_next(const Chain& chain, const KeyId& validator, std::int64_t now);

/// A block with this content was refused: lets the statement go that was the reason, where it was
/// one.
void drop_offender(Mempool& mempool, const BlockContent& content, const BlockFault& fault);

}  // namespace salus::node
