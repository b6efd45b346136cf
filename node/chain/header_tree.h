// Every header that is known with its place: the tree of forks that begins with genesis.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "engine/pow/header.h"
#include "engine/pow/uint256.h"
#include "node/state/id_hash.h"

namespace salus::node {

/// A header in its place. Does not change, and stays where it is until it is forgotten.
struct BlockNode {
  Digest id{};
  pow::Header header;
  const BlockNode* parent = nullptr;  ///< nullptr for genesis.
  std::uint64_t height = 0;
  pow::Uint256 total_work;    ///< Of this header and all before it; genesis counts as none.
  std::uint64_t arrival = 0;  ///< The how-manieth it was.
};

/// The median of the times of a block and the ten before it.
std::uint32_t median_time_past(const BlockNode& node);

/// The ancestor at this height, at most the node's own, or the node itself.
const BlockNode& ancestor_at(const BlockNode& node, std::uint64_t height);

/// The last block that both have in common.
const BlockNode& common_ancestor(const BlockNode& a, const BlockNode& b);

/// One thread at a time.
class HeaderTree {
 public:
  HeaderTree(const pow::Header& genesis, const Digest& genesis_id);

  [[nodiscard]] const BlockNode& genesis() const { return *genesis_; }
  /// nullptr when it is not known.
  [[nodiscard]] const BlockNode* find(const Digest& id) const;
  [[nodiscard]] std::size_t size() const { return nodes_.size(); }

  /// Adds a header that is not known yet and whose bits are a target; `parent` is of this tree.
  const BlockNode& add(const pow::Header& header, const Digest& id, const BlockNode& parent);

  /// Drops a block, which is not genesis, and all that build on it. Returns the ids of these.
  std::vector<Digest> forget(const BlockNode& node);

  /// The block with the most work; among equals the one seen first.
  [[nodiscard]] const BlockNode& best() const;

 private:
  std::unordered_map<Digest, std::unique_ptr<BlockNode>, IdHash> nodes_;
  std::vector<const BlockNode*> tips_;  // those that no block builds on
  const BlockNode* genesis_;
  std::uint64_t arrivals_ = 0;
};

}  // namespace salus::node
