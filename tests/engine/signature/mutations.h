// Items with one thing changed, as somebody might who wants to see verifiers disagree.
#pragma once

#include <random>
#include <vector>

#include "tests/engine/signature/items.h"

namespace salus::engine::signature {

/// `count` items of this algorithm: some as they were signed, others changed in key, message or
/// signature, or random. The same for the same `seed`, except for keys and nonces of P-256.
std::vector<OwnedItem> mutated_items(Algorithm algorithm, std::size_t count, std::uint64_t seed);

}  // namespace salus::engine::signature
