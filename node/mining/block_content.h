// What a block is to hold: statements chosen from the mempool.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "node/chain/chain.h"
#include "node/ingest/mempool.h"

namespace salus::node {

struct ContentLimits {
  std::size_t statements = std::size_t{1} << 18;
  std::size_t bytes = std::size_t{64} << 20;
};

struct BlockContent {
  NextBlock next;
  std::uint32_t time = 0;
  std::vector<PendingStatement> statements;                   ///< In the block's order.
  std::vector<std::shared_ptr<const StatementGroup>> groups;  ///< Have their bytes.
};

/// Chooses from the mempool what the rules permit in a block of this time on top of the chain. What
/// they will never permit leaves the mempool; what they do not permit now waits, with all later
/// statements of its signer.
BlockContent choose_content(const Chain& chain, Mempool& mempool, const ContentLimits& limits,
                            std::int64_t now);

}  // namespace salus::node
