#include "trial/seal/seal_tree.h"

#include <algorithm>
#include <utility>

#include "engine/device.h"

namespace salus::trial {
namespace {

constexpr std::uint8_t kLeafPrefix = 0x00;
constexpr std::uint8_t kNodePrefix = 0x01;

/// Lines that are hashed together. A power of two: their roots are nodes of the tree.
constexpr std::size_t kGroup = 4096;

/// A line with a digest has so many bytes at least.
constexpr std::size_t kUsualLine = 68;

/// `out.size()` lines from line `first` on.
void hash_lines(std::string_view text, std::span<const std::size_t> ends, std::size_t first,
                const engine::LaneHasher& hasher, std::span<Digest> out) {
  std::vector<Bytes> lines;
  lines.reserve(out.size());
  std::size_t begin = first == 0 ? 0 : ends[first - 1] + 1;
  for (const std::size_t end : ends.subspan(first, out.size())) {
    lines.push_back(as_bytes(text.substr(begin, end - begin)));
    begin = end + 1;
  }
  hasher.hash_many(engine::MessageView::scattered(lines), kLeafPrefix, out);
}

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

std::vector<std::size_t> line_ends(std::string_view text) {
  std::vector<std::size_t> ends;
  ends.reserve(text.size() / kUsualLine);
  for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1))
    ends.push_back(at);
  return ends;
}

std::vector<Digest> line_leaves(std::string_view text, const engine::LaneHasher& hasher) {
  const std::vector<std::size_t> ends = line_ends(text);
  std::vector<Digest> leaves(ends.size());
  for (std::size_t first = 0; first < leaves.size(); first += kGroup)
    hash_lines(text, ends, first, hasher,
               std::span(leaves).subspan(first, std::min(kGroup, leaves.size() - first)));
  return leaves;
}

LineHashing::LineHashing(std::string_view text, std::span<const std::size_t> ends,
                         const engine::LaneHasher& hasher)
    : text_(text),
      ends_(ends),
      hasher_(hasher),
      leaves_(ends.size()),
      roots_((ends.size() + kGroup - 1) / kGroup) {}

void LineHashing::work() {
  for (std::size_t group = next_++; group < roots_.size(); group = next_++) {
    const std::size_t first = group * kGroup;
    const std::span leaves =
        std::span(leaves_).subspan(first, std::min(kGroup, leaves_.size() - first));
    hash_lines(text_, ends_, first, hasher_, leaves);
    roots_[group] = root_of_leaves(leaves, hasher_);
  }
}

Digest LineHashing::root() const { return root_of_leaves(roots_, hasher_); }

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
  std::span<const Digest> below = leaves;
  std::vector<Digest> level;  // where `below` lies, once that is not the leaves
  std::vector<Digest> above;
  while (below.size() > 1) {
    above.resize((below.size() + 1) / 2);
    hash_level(below, above, hasher);
    std::swap(level, above);
    below = level;
  }
  return below.front();
}

}  // namespace salus::trial
