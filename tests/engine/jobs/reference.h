// Straightforward versions of the engine's jobs over OpenSSL, for comparison.
#pragma once

#include <random>
#include <vector>

#include "engine/device.h"

namespace salus::engine {

/// The level above `level` of a Merkle tree.
std::vector<Digest> reference_parents(TreeKind kind, std::span<const Digest> level);

/// The root by the recursive definition of RFC 9162 section 2.1.1, or Bitcoin's rule.
Digest reference_root(TreeKind kind, std::vector<Digest> leaves);

std::vector<std::uint8_t> random_bytes(std::size_t count, unsigned seed);

}  // namespace salus::engine
