#include "engine/cpu/block_hasher.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>

#include "engine/openssl_sha256.h"

namespace salus::engine::cpu {

BlockHasher::BlockHasher(const CpuOptions& options) : variants_(choose_hash_variants(options)) {}

void BlockHasher::compress(std::span<StreamState* const> states, const std::uint8_t* const* data,
                           std::size_t blocks) const {
  for (std::size_t first = 0; first < states.size();) {
    const std::size_t left = states.size() - first;
    const CpuVariant& variant = left <= variants_.few_limit ? *variants_.few : *variants_.many;
    const std::size_t count = std::min<std::size_t>(left, variant.lanes);
    variant.compress(&states[first], data + first, count, blocks);
    first += count;
  }
}

void BlockHasher::nodes(const Digest* children, std::size_t pairs, Digest* out) const {
  if (pairs == 0) return;
  const CpuVariant& variant = pairs <= variants_.few_limit ? *variants_.few : *variants_.many;
  variant.nodes(TreeKind::rfc9162, children, pairs, out);
}

Digest BlockHasher::root(std::vector<Digest> leaves) const {
  if (leaves.empty()) return openssl_sha256({});
  for (std::size_t count = leaves.size(); count > 1; count = (count + 1) / 2) {
    const Digest last = leaves[count - 1];
    nodes(leaves.data(), count / 2, leaves.data());
    if (count % 2 != 0) leaves[count / 2] = last;
  }
  return leaves.front();
}

void write_padding(std::uint8_t* message, std::size_t used, std::size_t blocks,
                   std::uint64_t hashed) {
  assert(blocks == padded_blocks(used));
  const std::size_t end = BlockHasher::kBlock * blocks;
  message[used] = 0x80;
  std::memset(message + used + 1, 0, end - used - 1 - sizeof(std::uint64_t));
  std::uint64_t bits = 8 * hashed;
  if constexpr (std::endian::native == std::endian::little) bits = __builtin_bswap64(bits);
  std::memcpy(message + end - sizeof bits, &bits, sizeof bits);
}

void BlockGroups::add(StreamState* state, const std::uint8_t* data, std::size_t blocks) {
  if (blocks > kGroups) {
    long_.push_back({state, data, blocks});
    return;
  }
  Group& group = groups_[blocks - 1];
  group.states.push_back(state);
  group.data.push_back(data);
}

void BlockGroups::compress(const BlockHasher& hasher) {
  for (std::size_t i = 0; i < kGroups; ++i) {
    Group& group = groups_[i];
    hasher.compress(group.states, group.data.data(), i + 1);
    group.states.clear();
    group.data.clear();
  }
  for (Long& message : long_)
    hasher.compress(std::span(&message.state, 1), &message.data, message.blocks);
  long_.clear();
}

}  // namespace salus::engine::cpu
