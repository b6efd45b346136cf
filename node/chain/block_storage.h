// Where a chain keeps its blocks: what it asks of a store.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "engine/bytes.h"
#include "node/chain/block.h"
#include "node/state/state_writes.h"
#include "node/statement/statement.h"

namespace salus::node {

/// A block that goes on top of the chain. Spans are only read during the call.
struct ConnectedBlock {
  std::uint64_t height = 0;  ///< One above the tip; 0 where there is none.
  Digest id{};
  const BlockView& block;
  std::span<const Statement> statements;  ///< Empty for genesis, whose one entry is none.
  std::span<const Digest> leaves;         ///< An entry for each of block.statements, as `ids`.
  std::span<const Digest> ids;
  const StateWrites& state;
  const StateWrites& undo;
  std::span<const Digest> erased;  ///< Statements whose bodies are to be deleted.
};

/// A block that is kept beside the chain.
struct BranchBlock {
  Digest id{};
  std::uint64_t height = 0;
};

/// Thread safety: as the chain that uses it. Errors: `Error` (system, input) for what prevents a
/// job; after that the chain must be opened anew.
class BlockStorage {
 public:
  virtual ~BlockStorage() = default;

  /// How many blocks the chain has; genesis is the first.
  [[nodiscard]] virtual std::uint64_t size() const = 0;

  /// Adds a block to the chain, with the state that follows; durable when it returns, and all of it
  /// or nothing is there after a crash. It is a side block no longer.
  virtual void connect(const ConnectedBlock& block) = 0;

  /// Takes the last block off the chain; `state` is its undo record. Its bytes become a side block
  /// where `keep` has them.
  virtual void disconnect(const StateWrites& state, std::optional<Bytes> keep) = 0;

  /// Nothing where it is not kept any more: the chain does not go back below that.
  [[nodiscard]] virtual std::optional<StateWrites> undo(std::uint64_t height) const = 0;

  /// A block of the chain as `encode_block` wrote it; nothing where a body was deleted since.
  [[nodiscard]] virtual std::optional<std::vector<std::uint8_t>> block(
      std::uint64_t height) const = 0;

  /// The headers of the chain from genesis on.
  virtual void for_each_header(
      const std::function<void(const Digest& id, Bytes header)>& take) const = 0;

  /// The state after the last block.
  virtual void for_each_state(const std::function<void(Bytes key, Bytes value)>& take) const = 0;

  /// Deletes bodies again that `connect` was to delete: a crash may have come between.
  virtual void erase(std::span<const Digest> statements) = 0;

  /// Keeps a block beside the chain. Others, or this one, may have to go where room is short.
  virtual void put_side_block(const BranchBlock& which, Bytes block) = 0;
  [[nodiscard]] virtual std::optional<std::vector<std::uint8_t>> side_block(
      const Digest& id) const = 0;
  /// Those that are kept, the lowest first.
  [[nodiscard]] virtual std::vector<BranchBlock> side_blocks() const = 0;
};

}  // namespace salus::node
