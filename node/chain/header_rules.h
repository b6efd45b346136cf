// The rules for headers: work, difficulty and time.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/pow/header.h"
#include "node/chain/block_fault.h"
#include "node/chain/chain_parameters.h"
#include "node/chain/header_tree.h"

namespace salus::node {

/// The version of every block, and the bits of it that miners may use as they like (BIP 320).
inline constexpr std::uint32_t kBlockVersion = 0x20000000;
inline constexpr std::uint32_t kFreeVersionBits = 0x1fffe000;

/// What can be said of a header alone: version, target, work. `id` is the header's, computed by
/// OpenSSL. Checked before the header's parent is asked for.
std::optional<FaultKind> check_header_alone(const pow::Header& header, const Digest& id,
                                            const pow::Target& limit);

/// What can be said of it where it builds on `parent`: ASERT's target, time above the median of the
/// last 11 blocks and at most `max_ahead` seconds ahead of `now` (seconds since 1970 UTC).
std::optional<FaultKind> check_header_in_place(const pow::Header& header, const BlockNode& parent,
                                               const ChainParameters& parameters, std::int64_t now);

/// The bits that a block on top of `parent` must have.
std::uint32_t next_bits(const BlockNode& parent, const ChainParameters& parameters);

}  // namespace salus::node
