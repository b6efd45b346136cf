// A whole stored chain validated again, from genesis on.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "engine/engine.h"
#include "node/chain/block_fault.h"
#include "node/chain/block_storage.h"
#include "node/chain/genesis.h"

namespace salus::node {

struct CheckReport {
  std::uint64_t blocks = 0;      ///< That were valid, genesis among them.
  std::uint64_t statements = 0;  ///< In these.
  double seconds = 0;
  /// The first thing that is wrong, in words; nothing when the chain is whole and valid.
  std::optional<std::string> problem;
};

/// Checks every header, tree, signature and rule of what `storage` holds, on a state made anew, and
/// that this is the state which is stored. Nothing is written. A chain of which bodies were deleted
/// can be checked up to the first of them only. `progress` is called with blocks done and in all.
/// Throws `Error` for what cannot be read, and `Cancelled`.
CheckReport check_chain(const Genesis& genesis, engine::Engine& engine, const BlockStorage& storage,
                        const engine::JobControl& control = {});

}  // namespace salus::node
