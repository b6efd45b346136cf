// SHA-NI on whole blocks: streams, Merkle leaves and nodes. The members of `CpuVariant`.
#pragma once

#include "engine/cpu/variant.h"

namespace salus::engine::cpu::sha_ni {

/// Streams that `compress` interleaves at most.
inline constexpr unsigned kStreams = 4;

void compress(StreamState* const states[], const std::uint8_t* const data[], std::size_t count,
              std::size_t blocks);
void leaves32(const std::uint8_t* entries, std::size_t count, Digest* out);
void nodes(TreeKind kind, const Digest* children, std::size_t pairs, Digest* out);

}  // namespace salus::engine::cpu::sha_ni
