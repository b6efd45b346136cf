#include "engine/merkle/tree.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <string>
#include <utility>

#include "engine/error.h"
#include "engine/openssl_sha256.h"

namespace salus::merkle {
namespace {

constexpr std::uint8_t kLeafPrefix = 0x00;
constexpr std::uint8_t kNodePrefix = 0x01;

bool is_odd(std::uint64_t x) { return (x & 1) != 0; }

void require_rfc9162(TreeKind kind) {
  if (kind != TreeKind::rfc9162)
    throw Error(ErrorKind::usage, "only RFC 9162 trees have roots and proofs for earlier sizes");
}

void require_size(std::uint64_t size, std::uint64_t limit) {
  if (size > limit)
    throw Error(ErrorKind::usage, "tree size " + std::to_string(size) + " is beyond the tree's " +
                                      std::to_string(limit));
}

void require_leaf(std::uint64_t index, std::uint64_t size) {
  if (index >= size)
    throw Error(ErrorKind::usage,
                "no leaf " + std::to_string(index) + " in a tree of " + std::to_string(size));
}

/// The steps of RFC 9162 section 2.1.3.2 (and, with a second hash, of 2.1.4.2): a node's number
/// `node` and the last node's number `last` on the same level, climbing to the root.
struct Climb {
  std::uint64_t node;
  std::uint64_t last;

  /// Whether the next proof element stands left of the node. Skips levels on which the node is last
  /// and without a sibling, so rises as it is.
  bool sibling_is_left() {
    if (!is_odd(node) && node != last) return false;
    while (!is_odd(node) && node != 0) up();
    return true;
  }
  void up() {
    node >>= 1;
    last >>= 1;
  }
  [[nodiscard]] bool at_root() const { return last == 0; }
};

/// One proof element a level. A node without a sibling is its own; anywhere else two equal siblings
/// mean a list that was lengthened by repeating its end (CVE-2012-2459), which has the same root.
bool verify_bitcoin(const Digest& leaf, std::uint64_t index, std::uint64_t size,
                    std::span<const Digest> proof, const Digest& root) {
  Climb climb{index, size - 1};
  Digest hash = leaf;
  for (const Digest& sibling : proof) {
    if (climb.at_root()) return false;
    const bool alone = climb.node == climb.last && !is_odd(climb.node);
    if (alone != (sibling == hash)) return false;
    hash = is_odd(climb.node) ? node_hash(TreeKind::bitcoin, sibling, hash)
                              : node_hash(TreeKind::bitcoin, hash, sibling);
    climb.up();
  }
  return climb.at_root() && hash == root;
}

}  // namespace

Digest leaf_hash(TreeKind kind, Bytes entry) {
  if (kind == TreeKind::bitcoin) {
    Digest out;
    if (entry.size() != out.size())
      throw Error(ErrorKind::usage,
                  "an entry of a Bitcoin tree has 32 bytes, not " + std::to_string(entry.size()));
    std::copy(entry.begin(), entry.end(), out.begin());
    return out;
  }
  std::vector<std::uint8_t> prefixed;
  prefixed.reserve(entry.size() + 1);
  prefixed.push_back(kLeafPrefix);
  prefixed.insert(prefixed.end(), entry.begin(), entry.end());
  return openssl_sha256(prefixed);
}

Digest node_hash(TreeKind kind, const Digest& left, const Digest& right) {
  std::array<std::uint8_t, 65> bytes;
  bytes[0] = kNodePrefix;
  std::copy(left.begin(), left.end(), &bytes[1]);
  std::copy(right.begin(), right.end(), &bytes[33]);
  return kind == TreeKind::rfc9162 ? openssl_sha256(bytes)
                                   : openssl_sha256d(Bytes(bytes).subspan(1));
}

Digest parent_hash(TreeKind kind, std::span<const Digest> level, std::size_t index) {
  assert(2 * index < level.size());
  const Digest& left = level[2 * index];
  if (2 * index + 1 < level.size()) return node_hash(kind, left, level[2 * index + 1]);
  return kind == TreeKind::bitcoin ? node_hash(kind, left, left) : left;
}

Tree::Tree(TreeKind kind, std::vector<Digest> leaves, std::vector<Digest> levels)
    : kind_(kind), leaves_(std::move(leaves)), levels_(std::move(levels)) {
  assert(levels_.size() == engine::merkle_levels_size(leaves_.size()));
}

unsigned Tree::level_count() const {
  return size() < 2 ? 1 : 1 + static_cast<unsigned>(std::bit_width(size() - 1));
}

std::span<const Digest> Tree::level(unsigned height) const {
  assert(height < level_count());
  if (height == 0) return leaves_;
  std::size_t begin = 0;
  std::size_t count = (leaves_.size() + 1) / 2;
  for (unsigned h = 1; h < height; ++h) {
    begin += count;
    count = (count + 1) / 2;
  }
  return std::span(levels_).subspan(begin, count);
}

Digest Tree::root() const {
  if (size() != 0) return level(level_count() - 1).front();
  if (kind_ == TreeKind::bitcoin)
    throw Error(ErrorKind::usage, "an empty Bitcoin tree has no root");
  return openssl_sha256({});
}

Digest Tree::subtree(unsigned height, std::uint64_t index, std::uint64_t size) const {
  if (size == this->size() || (index + 1) << height <= size) return level(height)[index];
  // The ragged right edge: complete subtrees of falling size, joined from the right.
  Digest hash{};
  bool empty = true;
  for (unsigned h = 0; h < height; ++h) {
    if (!is_odd(size >> h)) continue;
    const Digest& complete = level(h)[(size >> h) - 1];
    hash = empty ? complete : node_hash(kind_, complete, hash);
    empty = false;
  }
  return hash;
}

Digest Tree::root_at(std::uint64_t size) const {
  require_rfc9162(kind_);
  require_size(size, this->size());
  if (size == 0) return openssl_sha256({});
  return subtree(static_cast<unsigned>(std::bit_width(size - 1)), 0, size);
}

std::vector<Digest> Tree::path(unsigned height, std::uint64_t index, std::uint64_t size) const {
  std::vector<Digest> out;
  for (std::uint64_t last = (size - 1) >> height; last > 0; last >>= 1, index >>= 1, ++height) {
    const std::uint64_t sibling = index ^ 1;
    if (sibling <= last)
      out.push_back(subtree(height, sibling, size));
    else if (kind_ == TreeKind::bitcoin)
      out.push_back(level(height)[index]);
  }
  return out;
}

std::vector<Digest> Tree::inclusion_proof(std::uint64_t index) const {
  require_leaf(index, size());
  return path(0, index, size());
}

std::vector<Digest> Tree::inclusion_proof(std::uint64_t index, std::uint64_t size) const {
  require_rfc9162(kind_);
  require_size(size, this->size());
  require_leaf(index, size);
  return path(0, index, size);
}

std::vector<Digest> Tree::consistency_proof(std::uint64_t old_size) const {
  require_rfc9162(kind_);
  require_size(old_size, size());
  if (old_size == 0 || old_size == size()) return {};
  // The highest node that ends where the old tree ends; its path in the new tree holds the rest.
  unsigned height = 0;
  std::uint64_t node = old_size - 1;
  for (; is_odd(node); node >>= 1) ++height;
  std::vector<Digest> out = path(height, node, size());
  if (node != 0) out.insert(out.begin(), level(height)[node]);
  return out;
}

bool has_equal_siblings(const Tree& tree) {
  for (unsigned height = 0; height < tree.level_count(); ++height) {
    const std::span<const Digest> level = tree.level(height);
    for (std::size_t i = 0; i + 1 < level.size(); i += 2)
      if (level[i] == level[i + 1]) return true;
  }
  return false;
}

std::optional<Digest> inclusion_root(const Digest& leaf, std::uint64_t index, std::uint64_t size,
                                     std::span<const Digest> proof) {
  if (index >= size) return std::nullopt;
  Climb climb{index, size - 1};
  Digest hash = leaf;
  for (const Digest& sibling : proof) {
    if (climb.at_root()) return std::nullopt;
    hash = climb.sibling_is_left() ? node_hash(TreeKind::rfc9162, sibling, hash)
                                   : node_hash(TreeKind::rfc9162, hash, sibling);
    climb.up();
  }
  if (!climb.at_root()) return std::nullopt;
  return hash;
}

bool verify_inclusion(TreeKind kind, const Digest& leaf, std::uint64_t index, std::uint64_t size,
                      std::span<const Digest> proof, const Digest& root) {
  if (kind == TreeKind::rfc9162) return inclusion_root(leaf, index, size, proof) == root;
  return index < size && verify_bitcoin(leaf, index, size, proof, root);
}

bool verify_consistency(std::uint64_t old_size, const Digest& old_root, std::uint64_t new_size,
                        const Digest& new_root, std::span<const Digest> proof) {
  if (old_size > new_size) return false;
  if (old_size == new_size) return proof.empty() && old_root == new_root;
  if (old_size == 0) return proof.empty() && old_root == openssl_sha256({});
  if (proof.empty()) return false;

  Climb climb{old_size - 1, new_size - 1};
  while (is_odd(climb.node)) climb.up();
  // An old tree of a power of two is itself the node that the path starts from.
  const bool starts_at_old_root = std::has_single_bit(old_size);
  Digest from_old = starts_at_old_root ? old_root : proof.front();
  Digest from_new = from_old;
  for (const Digest& sibling : proof.subspan(starts_at_old_root ? 0 : 1)) {
    if (climb.at_root()) return false;
    if (climb.sibling_is_left()) {
      from_old = node_hash(TreeKind::rfc9162, sibling, from_old);
      from_new = node_hash(TreeKind::rfc9162, sibling, from_new);
    } else {
      from_new = node_hash(TreeKind::rfc9162, from_new, sibling);
    }
    climb.up();
  }
  return climb.at_root() && from_old == old_root && from_new == new_root;
}

}  // namespace salus::merkle
