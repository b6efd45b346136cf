// AVX-512 with two vectors of 16 lanes in step, which fills the pipes that the rounds of one vector
// leave idle while they wait for each other. As in `CpuVariant`, but only full batches gain by it.
#pragma once

#include "engine/cpu/variant.h"

namespace salus::engine::cpu::avx512_wide {

inline constexpr std::size_t kLanes = 32;

void scan(const kernels::MineParams& params, const ScanRange& range, std::vector<Candidate>& out);
void compress(StreamState* const states[], const std::uint8_t* const data[], std::size_t count,
              std::size_t blocks);
void leaves32(const std::uint8_t* entries, std::size_t count, Digest* out);
void nodes(TreeKind kind, const Digest* children, std::size_t pairs, Digest* out);

}  // namespace salus::engine::cpu::avx512_wide
