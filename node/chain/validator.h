// Full validation of blocks, as a pipeline on the engine:
//
//   check_content      the tree over the statements against the header's Merkle root
//   check_statements   parse (in parallel), ids (hashed in bulk), the rules one after the other,
//                      signatures (in one batch, with the keys that each statement found, save
//                      those that were verified before)
//
// The header is looked at by header_rules.h before. What is found is the same on every set of
// devices: of several faults that of the lowest statement, and of those of one statement the one
// that comes first in the order of docs/chain.md.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "engine/engine.h"
#include "node/chain/block.h"
#include "node/chain/block_fault.h"
#include "node/chain/genesis.h"
#include "node/chain/parsed_statements.h"
#include "node/state/state_overlay.h"
#include "node/state/state_view.h"
#include "node/state/state_writes.h"

namespace salus::node {

/// Where a block stands: what its statement 0 must name.
struct BlockPlace {
  std::uint64_t height = 0;
  Digest previous{};
};

/// What a valid block holds and does.
struct ValidBlock {
  std::span<const Statement> statements;  ///< Views of the block's bytes.
  std::span<const Digest> ids;            ///< Of the statements.
  StateWrites writes;                     ///< What the state becomes.
  StateWrites undo;                       ///< What takes that back.
  std::vector<Digest> erased;             ///< Statements whose bodies are to be erased.
  std::vector<KeyId> new_keys;
};

/// Which statements, with these ids, came before with the very same signature, which was verified
/// then: it is not verified again. May be asked about statements of which none is valid.
using VerifiedBefore =
    std::function<std::vector<bool>(std::span<const Statement>, std::span<const Digest> ids)>;

/// One thread at a time; keeps its memory from block to block. Spans in results are good until the
/// next call.
class BlockValidator {
 public:
  /// `threads` parse; 0: as many as there are cores. Engine and genesis outlive the validator.
  BlockValidator(engine::Engine& engine, const Genesis& genesis, unsigned threads = 0,
                 VerifiedBefore verified_before = {});

  /// Whether the tree over the block's statements is what its header commits to.
  bool check_content(const BlockView& block);

  /// All rules for statements, on the state before the block. The block's content has been checked
  /// by the last call of `check_content`.
  std::variant<ValidBlock, BlockFault> check_statements(const BlockView& block,
                                                        const BlockPlace& place,
                                                        const StateView& before);

  /// The leaf hashes that `check_content` found last.
  [[nodiscard]] std::span<const Digest> leaves() const { return leaves_; }

  /// Says to the engine that signatures by these keys are to be expected.
  void expect_keys(const StateView& view, std::span<const KeyId> keys);

 private:
  class Run;

  engine::Engine& engine_;
  const Genesis& genesis_;
  unsigned threads_;
  VerifiedBefore verified_before_;
  std::vector<Digest> leaves_;
  ParsedStatements parsed_;
  std::vector<engine::signature::Item> items_;
  std::vector<std::size_t> item_statements_;  // whose signature each item is
};

}  // namespace salus::node
