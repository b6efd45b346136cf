// Random input: the same for the same seed everywhere.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/bytes.h"

namespace salus::test {

std::vector<std::uint8_t> random_bytes(std::size_t size, std::uint32_t seed);

/// The digests that `random_bytes(32 * count, seed)` are.
std::vector<Digest> random_digests(std::size_t count, std::uint32_t seed);

}  // namespace salus::test
