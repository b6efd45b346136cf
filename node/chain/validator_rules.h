// What a block's statement 0 must say, and who may sign it.
#pragma once

#include <optional>

#include "node/chain/block_fault.h"
#include "node/chain/chain_parameters.h"
#include "node/chain/validator.h"
#include "node/state/state_view.h"
#include "node/statement/statement.h"

namespace salus::node {

/// Compares the payload of a well-formed validator statement, in this order: chain, height,
/// previous block, time, and `content`, the tree head over statements 1 to n.
std::optional<FaultKind> check_validator(const Statement& statement, const pow::Header& header,
                                         const BlockPlace& place, const Digest& chain,
                                         const Digest& content);

/// Whether a block at `height` would be one too many by this validator; `view` is the state before
/// it.
bool is_share_exceeded(const StateView& view, const KeyId& validator, std::uint64_t height,
                       const Diversity& diversity);

}  // namespace salus::node
