#include "tests/node/chain/memory_storage.h"

#include <algorithm>
#include <stdexcept>

namespace salus::node::test {
namespace {

std::vector<std::uint8_t> copy(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

std::string text(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

}  // namespace

void MemoryStorage::write(const StateWrites& state) {
  state.for_each([this](Bytes key, std::optional<Bytes> value) {
    if (value) {
      state_[text(key)] = copy(*value);
    } else if (state_.erase(text(key)) == 0) {
      throw std::logic_error("an entry was deleted that is not there");
    }
  });
}

void MemoryStorage::connect(const ConnectedBlock& block) {
  const std::size_t entries = block.block.statements.size();
  if (block.height != blocks_.size() || block.leaves.size() != entries ||
      block.ids.size() != entries || block.statements.size() != (block.height == 0 ? 0 : entries))
    throw std::logic_error("a block that does not fit");
  write(block.state);
  blocks_.push_back(
      {block.id, copy(block.block.header_bytes()), copy(block.block.encoded), block.undo});
  side_.erase(block.id);
  erase(block.erased);
}

void MemoryStorage::disconnect(const StateWrites& state, std::optional<Bytes> keep) {
  if (blocks_.size() < 2) throw std::logic_error("genesis cannot be disconnected");
  write(state);
  if (keep) side_[blocks_.back().id] = {blocks_.size() - 1, copy(*keep)};
  blocks_.pop_back();
}

std::optional<StateWrites> MemoryStorage::undo(std::uint64_t height) const {
  return blocks_.at(height).undo;
}

std::optional<std::vector<std::uint8_t>> MemoryStorage::block(std::uint64_t height) const {
  return blocks_.at(height).encoded;
}

void MemoryStorage::for_each_header(
    const std::function<void(const Digest& id, Bytes header)>& take) const {
  for (const Block& block : blocks_) take(block.id, block.header);
}

void MemoryStorage::for_each_state(const std::function<void(Bytes key, Bytes value)>& take) const {
  for (const auto& [key, value] : state_) take(as_bytes(key), value);
}

void MemoryStorage::erase(std::span<const Digest> statements) {
  erased_.insert(erased_.end(), statements.begin(), statements.end());
}

void MemoryStorage::put_side_block(const BranchBlock& which, Bytes block) {
  side_[which.id] = {which.height, copy(block)};
}

std::optional<std::vector<std::uint8_t>> MemoryStorage::side_block(const Digest& id) const {
  const auto found = side_.find(id);
  if (found == side_.end()) return std::nullopt;
  return found->second.encoded;
}

std::vector<BranchBlock> MemoryStorage::side_blocks() const {
  std::vector<BranchBlock> blocks;
  for (const auto& [id, side] : side_) blocks.push_back({id, side.height});
  std::ranges::stable_sort(blocks, {}, &BranchBlock::height);
  return blocks;
}

}  // namespace salus::node::test
