#include "engine/signature/cache/key_index.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <random>
#include <utility>

namespace salus::engine::signature {
namespace {

std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

}  // namespace

KeyTable::KeyTable(const KeyView& view, TableSize size, std::uint64_t its_hash,
                   std::uint64_t its_offset)
    : hash(its_hash), offset(its_offset), kind{view.algorithm, size} {
  std::ranges::copy(view.bytes, key.begin());
}

bool KeyTable::is_of(const KeyView& view) const {
  return kind.algorithm == view.algorithm &&
         std::memcmp(key.data(), view.bytes.data(), view.bytes.size()) == 0;
}

KeyIndex::KeyIndex(std::uint64_t tables, std::size_t chunks)
    : buckets_(static_cast<std::size_t>(std::bit_ceil(2 * tables + 1))), chunks_(chunks) {
  std::random_device device;
  for (std::uint64_t& seed : seeds_) seed = std::uint64_t{device()} << 32 | device();
}

/// Multiplications of 64 bits folded together, each factor hidden by a secret (as in wyhash).
std::uint64_t KeyIndex::hash_of(const KeyView& key) const {
  std::uint64_t words[8];
  const std::size_t count = key.algorithm == Algorithm::ed25519 ? 4 : 8;
  // The first byte of a P-256 key is the same in all.
  std::memcpy(words, key.bytes.data() + key.bytes.size() % sizeof(std::uint64_t), 8 * count);
  std::uint64_t hash = seeds_[8] + count;
  for (std::size_t i = 0; i < count; i += 2)
    hash = fold(words[i] ^ seeds_[i], words[i + 1] ^ seeds_[i + 1] ^ hash) + hash;
  return fold(hash, seeds_[8] | 1);
}

KeyTable* KeyIndex::find(const KeyView& key, std::uint64_t hash) const {
  KeyTable* table = bucket(hash).load(std::memory_order_acquire);
  while (table != nullptr && (table->hash != hash || !table->is_of(key)))
    table = table->next.load(std::memory_order_acquire);
  return table;
}

void KeyIndex::link(std::unique_ptr<KeyTable> table, std::size_t chunk) {
  Bucket& head = const_cast<Bucket&>(bucket(table->hash));
  table->next.store(head.load(std::memory_order_relaxed), std::memory_order_relaxed);
  head.store(table.get(), std::memory_order_release);
  chunks_[chunk].push_back(std::move(table));
}

std::unique_ptr<KeyTable> KeyIndex::unlink(KeyTable& table, std::size_t chunk) {
  Bucket* link = &const_cast<Bucket&>(bucket(table.hash));
  while (link->load(std::memory_order_relaxed) != &table)
    link = &link->load(std::memory_order_relaxed)->next;
  // Its own link stays, for readers that are on it.
  link->store(table.next.load(std::memory_order_relaxed), std::memory_order_release);
  Tables& tables = chunks_[chunk];
  const auto at = std::ranges::find(tables, &table, &std::unique_ptr<KeyTable>::get);
  std::unique_ptr<KeyTable> owned = std::exchange(*at, std::move(tables.back()));
  tables.pop_back();
  return owned;
}

}  // namespace salus::engine::signature
