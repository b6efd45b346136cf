// A whole stored chain validated again, from genesis on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/engine.h"
#include "node/chain/block_store_storage.h"
#include "node/chain/genesis.h"

namespace salus::node {

struct CheckReport {
  std::uint64_t blocks = 0;      ///< That were valid, genesis among them.
  std::uint64_t statements = 0;  ///< In these.
  /// Of these, whose bodies were deleted: their signatures could not be checked again.
  std::uint64_t without_body = 0;
  /// Of these, erased, though no statement on the chain asks for it: a block that did may have left
  /// the chain since.
  std::uint64_t erased_unasked = 0;
  double seconds = 0;
  /// The first thing that is wrong, in words; nothing when the chain is whole and valid.
  std::optional<std::string> problem;
};

/// Checks every header, tree, signature and rule of what `storage` holds, on a state made anew,
/// that the leaf hashes and ids which are stored are those of the statements, and that the state
/// which is stored is the one that follows. Where bodies were deleted, docs/storage.md says what is
/// checked, and what then is not proved. Nothing is written. `control.progress` is called with
/// statements done and in all. Throws `Error` for what cannot be read, and `Cancelled`.
CheckReport check_chain(const Genesis& genesis, engine::Engine& engine,
                        const BlockStoreStorage& storage, const engine::JobControl& control = {});

}  // namespace salus::node
