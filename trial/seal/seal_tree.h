// The RFC 9162 tree of a seal: entry i is line i of SHA256SUMS without its newline.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "engine/cpu/lane_hasher.h"
#include "engine/merkle/tree.h"

namespace salus::trial {

/// Leaf hashes of all lines. What follows the last newline does not count.
std::vector<Digest> line_leaves(std::string_view text, const engine::LaneHasher& hasher);

/// The tree over leaf hashes, with all its levels, for proofs.
merkle::Tree tree_of_leaves(std::vector<Digest> leaves, const engine::LaneHasher& hasher);

/// Its root alone; that of no leaves is SHA-256 of nothing.
Digest root_of_leaves(std::span<const Digest> leaves, const engine::LaneHasher& hasher);

}  // namespace salus::trial
