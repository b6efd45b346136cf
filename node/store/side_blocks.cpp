#include "node/store/side_blocks.h"

#include <algorithm>
#include <numeric>

#include "node/store/keys.h"

namespace salus::node {

namespace {

constexpr std::uint8_t kPlace = 0;
constexpr std::uint8_t kBlock = 1;
constexpr std::size_t kPlaceBytes = 12;

FixedKey<33> side_key(std::uint8_t what, const BlockId& id) {
  FixedKey<33> key;
  key[0] = what;
  std::ranges::copy(id, key.begin() + 1);
  return key;
}

}  // namespace

SideBlocks::SideBlocks(Database& database, std::size_t max_blocks, std::size_t max_bytes)
    : database_(database), max_blocks_(max_blocks), max_bytes_(max_bytes) {
  const auto entries = database_.iterate(Column::side_blocks);
  for (entries->SeekToFirst(); entries->Valid(); entries->Next()) {
    const Bytes key = bytes_of(entries->key()), value = bytes_of(entries->value());
    if (key.size() != 33 || key[0] != kPlace || value.size() != kPlaceBytes) break;
    BlockId id;
    std::ranges::copy(key.subspan(1), id.begin());
    blocks_[id] = {load_little<Height>(value.data()),
                   static_cast<std::size_t>(load_little<std::uint64_t>(value.data() + 4))};
  }
  database_.check_end(*entries);
  next_ = blocks_;
}

bool SideBlocks::put(rocksdb::WriteBatch& batch, const BlockId& id, Height height, Bytes block) {
  if (block.size() > max_bytes_ || max_blocks_ == 0) return false;
  std::size_t bytes = block.size();
  for (const auto& [each, place] : next_) bytes += each == id ? 0 : place.bytes;
  std::size_t count = next_.size() + (next_.contains(id) ? 0 : 1);
  while (count > max_blocks_ || bytes > max_bytes_) {
    auto lowest = next_.end();
    for (auto each = next_.begin(); each != next_.end(); ++each) {
      if (each->first == id) continue;
      if (lowest == next_.end() || each->second.height < lowest->second.height) lowest = each;
    }
    bytes -= lowest->second.bytes;
    --count;
    remove(batch, BlockId(lowest->first));
  }
  std::array<std::uint8_t, kPlaceBytes> place{};
  store_little(place.data(), height);
  store_little(place.data() + 4, static_cast<std::uint64_t>(block.size()));
  auto* column = database_.column(Column::side_blocks);
  batch.Put(column, side_key(kPlace, id), slice(place));
  batch.Put(column, side_key(kBlock, id), slice(block));
  next_[id] = {height, block.size()};
  return true;
}

void SideBlocks::remove(rocksdb::WriteBatch& batch, const BlockId& id) {
  if (next_.erase(id) == 0) return;
  auto* column = database_.column(Column::side_blocks);
  batch.Delete(column, side_key(kPlace, id));
  batch.Delete(column, side_key(kBlock, id));
}

void SideBlocks::remove_below(rocksdb::WriteBatch& batch, Height below) {
  for (const SideBlock& block : list()) {
    if (block.height < below) remove(batch, block.id);
  }
}

void SideBlocks::written() {
  const std::lock_guard lock(mutex_);
  blocks_ = next_;
}

std::optional<std::vector<std::uint8_t>> SideBlocks::block(const BlockId& id) const {
  const auto value = database_.get(Column::side_blocks, side_key(kBlock, id));
  if (!value) return std::nullopt;
  return copy_of(*value);
}

std::vector<SideBlock> SideBlocks::list() const {
  const std::lock_guard lock(mutex_);
  std::vector<SideBlock> blocks;
  for (const auto& [id, place] : blocks_) blocks.push_back({id, place.height, place.bytes});
  std::ranges::sort(blocks, {},
                    [](const SideBlock& block) { return std::pair(block.height, block.id); });
  return blocks;
}

}  // namespace salus::node
