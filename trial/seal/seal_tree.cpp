#include "trial/seal/seal_tree.h"

#include <algorithm>
#include <utility>

#include "engine/device.h"

namespace salus::trial {
namespace {

constexpr std::uint8_t kLeafPrefix = 0x00;
constexpr std::uint8_t kNodePrefix = 0x01;

/// Lines that are handed to the hasher together.
constexpr std::size_t kBatch = 4096;

/// The level above `below`: pairs hashed, and a last one without a sibling as it is.
void hash_level(std::span<const Digest> below, std::span<Digest> out,
                const engine::LaneHasher& hasher) {
  const std::size_t pairs = below.size() / 2;
  const Bytes bytes(below.front().data(), 2 * pairs * sizeof(Digest));
  if (pairs != 0)
    hasher.hash_many(engine::MessageView::fixed(bytes, 2 * sizeof(Digest)), kNodePrefix,
                     out.first(pairs));
  if (below.size() % 2 != 0) out[pairs] = below.back();
}

}  // namespace

std::vector<Digest> line_leaves(std::string_view text, const engine::LaneHasher& hasher) {
  std::vector<Digest> leaves;
  leaves.reserve(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')));
  std::vector<Bytes> lines;
  text = text.substr(0, text.rfind('\n') + 1);
  while (!text.empty()) {
    lines.clear();
    while (!text.empty() && lines.size() < kBatch) {
      const std::size_t length = text.find('\n');
      lines.push_back(as_bytes(text.substr(0, length)));
      text.remove_prefix(length + 1);
    }
    leaves.resize(leaves.size() + lines.size());
    hasher.hash_many(engine::MessageView::scattered(lines), kLeafPrefix,
                     std::span(leaves).last(lines.size()));
  }
  return leaves;
}

merkle::Tree tree_of_leaves(std::vector<Digest> leaves, const engine::LaneHasher& hasher) {
  std::vector<Digest> levels;
  if (leaves.size() > 1) {
    levels.resize(engine::merkle_levels_size(leaves.size()));
    std::span<const Digest> below = leaves;
    std::span<Digest> room = levels;
    while (below.size() > 1) {
      const std::span<Digest> level = room.first((below.size() + 1) / 2);
      hash_level(below, level, hasher);
      room = room.subspan(level.size());
      below = level;
    }
  }
  return {merkle::TreeKind::rfc9162, std::move(leaves), std::move(levels)};
}

Digest root_of_leaves(std::span<const Digest> leaves, const engine::LaneHasher& hasher) {
  if (leaves.empty()) return merkle::Tree(merkle::TreeKind::rfc9162, {}, {}).root();
  std::vector<Digest> level(leaves.begin(), leaves.end());
  std::vector<Digest> above;
  while (level.size() > 1) {
    above.resize((level.size() + 1) / 2);
    hash_level(level, above, hasher);
    std::swap(level, above);
  }
  return level.front();
}

}  // namespace salus::trial
