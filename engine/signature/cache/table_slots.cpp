#include "engine/signature/cache/table_slots.h"

#include <algorithm>
#include <bit>

namespace salus::engine::signature {

TableSlots::TableSlots(std::uint64_t bytes,
                       const std::array<std::uint64_t, kTableKinds>& table_bytes)
    : table_bytes_(table_bytes),
      chunk_bytes_(std::max<std::uint64_t>(std::min(bytes, kMostChunkBytes), 1)),
      chunks_(static_cast<std::size_t>(bytes / chunk_bytes_)) {
  for (std::size_t chunk = chunks_.size(); chunk-- > 0;) empty_.push_back(chunk);
}

unsigned TableSlots::tables_a_chunk(std::size_t kind) const {
  constexpr std::uint64_t kBits = 64;  // of Chunk::used
  if (table_bytes_[kind] == 0) return 0;
  return static_cast<unsigned>(std::min(chunk_bytes_ / table_bytes_[kind], kBits));
}

bool TableSlots::is_full(const Chunk& chunk) const {
  return static_cast<unsigned>(std::popcount(chunk.used)) == tables_a_chunk(chunk.kind);
}

std::uint64_t TableSlots::most_tables() const {
  unsigned most = 0;
  for (std::size_t kind = 0; kind < kTableKinds; ++kind)
    most = std::max(most, tables_a_chunk(kind));
  return most * chunks_.size();
}

std::optional<std::uint64_t> TableSlots::take(TableKind kind) {
  const std::scoped_lock lock(mutex_);
  std::vector<std::size_t>& partly = partly_[kind.index()];
  if (partly.empty()) {
    if (empty_.empty() || tables_a_chunk(kind.index()) == 0) return std::nullopt;
    partly.push_back(empty_.back());
    empty_.pop_back();
    chunks_[partly.back()].kind = kind.index();
  }
  const std::size_t index = partly.back();
  Chunk& chunk = chunks_[index];
  const int slot = std::countr_one(chunk.used);
  chunk.used |= std::uint64_t{1} << slot;
  if (is_full(chunk)) partly.pop_back();
  return index * chunk_bytes_ + static_cast<std::uint64_t>(slot) * table_bytes_[kind.index()];
}

void TableSlots::give_back(std::uint64_t offset) {
  const std::scoped_lock lock(mutex_);
  const std::size_t index = chunk_of(offset);
  Chunk& chunk = chunks_[index];
  std::vector<std::size_t>& partly = partly_[chunk.kind];
  if (is_full(chunk)) partly.push_back(index);
  chunk.used &= ~(std::uint64_t{1} << (offset % chunk_bytes_ / table_bytes_[chunk.kind]));
  if (chunk.used != 0) return;
  std::erase(partly, index);
  empty_.push_back(index);
  chunk.kind = kTableKinds;
}

}  // namespace salus::engine::signature
