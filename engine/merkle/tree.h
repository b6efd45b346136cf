// Merkle trees with all levels kept, and proofs over them (RFC 9162 section 2.1).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/bytes.h"
#include "engine/device.h"

namespace salus::merkle {

using engine::TreeKind;

/// Leaf hashes and every level above them. Built by `Engine::merkle_tree`; immutable.
class Tree {
 public:
  /// `levels` is laid out as `Device::merkle_reduce` leaves it; empty for 0 or 1 leaves.
  Tree(TreeKind kind, std::vector<Digest> leaves, std::vector<Digest> levels);

  [[nodiscard]] TreeKind kind() const { return kind_; }
  [[nodiscard]] std::uint64_t size() const { return leaves_.size(); }
  [[nodiscard]] std::span<const Digest> leaves() const { return leaves_; }
  /// Level 0 is the leaves.
  [[nodiscard]] std::span<const Digest> level(unsigned height) const;
  [[nodiscard]] unsigned level_count() const;
  [[nodiscard]] Digest root() const;

  /// The root of the first `size` leaves, size <= this->size(). RFC 9162 only.
  [[nodiscard]] Digest root_at(std::uint64_t size) const;

  /// Path from leaf `index` to the root, lowest first. Throws `Error` (usage) past the end.
  [[nodiscard]] std::vector<Digest> inclusion_proof(std::uint64_t index) const;
  /// Path from leaf `index` to the root of the first `size` leaves. RFC 9162 only.
  [[nodiscard]] std::vector<Digest> inclusion_proof(std::uint64_t index, std::uint64_t size) const;
  /// Proof that the first `old_size` leaves are a prefix of the tree. RFC 9162 only.
  [[nodiscard]] std::vector<Digest> consistency_proof(std::uint64_t old_size) const;

 private:
  /// The hash of node `index` at `height` in the tree of the first `size` leaves.
  [[nodiscard]] Digest subtree(unsigned height, std::uint64_t index, std::uint64_t size) const;
  /// What has to be hashed with node `index` at `height` to reach the root of `size` leaves.
  [[nodiscard]] std::vector<Digest> path(unsigned height, std::uint64_t index,
                                         std::uint64_t size) const;

  TreeKind kind_;
  std::vector<Digest> leaves_;
  std::vector<Digest> levels_;
};

/// SHA-256(0x00 || entry) for RFC 9162. For Bitcoin the entry is the leaf, and has 32 bytes.
Digest leaf_hash(TreeKind kind, Bytes entry);
Digest node_hash(TreeKind kind, const Digest& left, const Digest& right);

/// Node `index` of the level above `level`, index < ceil(level.size() / 2): the hash of nodes 2 *
/// index and 2 * index + 1. Without the second the first rises as it is (RFC 9162) or is paired
/// with itself (Bitcoin).
Digest parent_hash(TreeKind kind, std::span<const Digest> level, std::size_t index);

/// Whether a node that has a sibling is equal to it. In a Bitcoin tree that marks a list whose end
/// was repeated: it has the root of the shorter list (CVE-2012-2459), so its block is to be
/// refused.
bool has_equal_siblings(const Tree& tree);

/// The root that `proof` leads to from `leaf` at `index` in an RFC 9162 tree of `size` leaves
/// (2.1.3.2); nothing where the proof does not have the length that this place has.
std::optional<Digest> inclusion_root(const Digest& leaf, std::uint64_t index, std::uint64_t size,
                                     std::span<const Digest> proof);

/// Whether `proof` leads from `leaf` at `index` to `root` in a tree of `size` leaves. In a Bitcoin
/// proof a node without a sibling is listed as its own, as Electrum servers do; equal siblings
/// anywhere else are refused, since they stand for a repeated end of the list (CVE-2012-2459).
bool verify_inclusion(TreeKind kind, const Digest& leaf, std::uint64_t index, std::uint64_t size,
                      std::span<const Digest> proof, const Digest& root);

/// Whether the tree of `old_size` leaves with `old_root` is a prefix of the other. RFC 9162 trees.
bool verify_consistency(std::uint64_t old_size, const Digest& old_root, std::uint64_t new_size,
                        const Digest& new_root, std::span<const Digest> proof);

}  // namespace salus::merkle
