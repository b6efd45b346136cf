// A chain's blocks in the block store.
#pragma once

#include "node/chain/block_storage.h"
#include "node/store/block_store.h"

namespace salus::node {

/// A block with all that is kept of it, in the order of its statements.
struct StoredBlock {
  StoredHeader header;
  StoredBodies bodies;
  std::vector<Digest> leaves;
  std::vector<Digest> ids;
};

/// Gives the store the bytes and index terms of blocks, and puts blocks together again from them.
/// Thread safety and errors as the store's.
class BlockStoreStorage final : public BlockStorage {
 public:
  /// The store outlives this.
  explicit BlockStoreStorage(BlockStore& store) : store_(store) {}

  [[nodiscard]] std::uint64_t size() const override;
  void connect(const ConnectedBlock& block) override;
  void disconnect(const StateWrites& state, std::optional<Bytes> keep) override;
  [[nodiscard]] std::optional<StateWrites> undo(std::uint64_t height) const override;
  [[nodiscard]] std::optional<std::vector<std::uint8_t>> block(std::uint64_t height) const override;
  void for_each_header(
      const std::function<void(const Digest& id, Bytes header)>& take) const override;
  void for_each_state(const std::function<void(Bytes key, Bytes value)>& take) const override;
  /// Bodies of data alone go: telemetry, opaque payloads and seals. What changes keys, and what
  /// validators sign, is needed to check the chain, and holds no data of anyone.
  void erase(std::span<const Digest> statements) override;
  void put_side_block(const BranchBlock& which, Bytes block) override;
  [[nodiscard]] std::optional<std::vector<std::uint8_t>> side_block(
      const Digest& id) const override;
  [[nodiscard]] std::vector<BranchBlock> side_blocks() const override;

  /// Everything that is kept of a block of the chain, whether or not bodies were deleted. Nothing
  /// where there is no such block.
  [[nodiscard]] std::optional<StoredBlock> stored_block(std::uint64_t height) const;
  /// How many there are on the chain, genesis's entry among them.
  [[nodiscard]] std::uint64_t statements() const;
  /// Whether it is on the chain, and its body was deleted.
  [[nodiscard]] bool is_deleted(const Digest& statement) const;

 private:
  [[nodiscard]] bool holds_data(Position at) const;

  BlockStore& store_;
};

}  // namespace salus::node
