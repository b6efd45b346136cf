// A chain's storage in memory: what a store must do, as simply as can be.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "node/chain/block_storage.h"

namespace salus::node::test {

class MemoryStorage final : public BlockStorage {
 public:
  [[nodiscard]] std::uint64_t size() const override { return blocks_.size(); }
  void connect(const ConnectedBlock& block) override;
  void disconnect(const StateWrites& state, std::optional<Bytes> keep) override;
  [[nodiscard]] std::optional<StateWrites> undo(std::uint64_t height) const override;
  [[nodiscard]] std::optional<std::vector<std::uint8_t>> block(std::uint64_t height) const override;
  void for_each_header(
      const std::function<void(const Digest& id, Bytes header)>& take) const override;
  void for_each_state(const std::function<void(Bytes key, Bytes value)>& take) const override;
  void erase(std::span<const Digest> statements) override;
  void put_side_block(const BranchBlock& which, Bytes block) override;
  [[nodiscard]] std::optional<std::vector<std::uint8_t>> side_block(
      const Digest& id) const override;
  [[nodiscard]] std::vector<BranchBlock> side_blocks() const override;

  // What tests look at, and do to it.
  [[nodiscard]] const std::vector<Digest>& erased() const { return erased_; }
  void lose_side_block(const Digest& id) { side_.erase(id); }
  void lose_undo(std::uint64_t height) { blocks_[height].undo.reset(); }
  void damage_header(std::uint64_t height) { blocks_[height].header[4] ^= 1; }

 private:
  struct Block {
    Digest id{};
    std::vector<std::uint8_t> header;
    std::vector<std::uint8_t> encoded;
    std::optional<StateWrites> undo;
  };
  struct Side {
    std::uint64_t height;
    std::vector<std::uint8_t> encoded;
  };

  void write(const StateWrites& state);

  std::vector<Block> blocks_;
  std::map<std::string, std::vector<std::uint8_t>> state_;
  std::map<Digest, Side> side_;
  std::vector<Digest> erased_;
};

}  // namespace salus::node::test
