#include "node/chain/header_tree.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <span>
#include <unordered_set>
#include <utility>

#include "engine/pow/median_time.h"

namespace salus::node {
namespace {

bool builds_on(const BlockNode& node, const BlockNode& ancestor) {
  return node.height >= ancestor.height && &ancestor_at(node, ancestor.height) == &ancestor;
}

bool is_better(const BlockNode* a, const BlockNode* b) {
  return a->total_work != b->total_work ? a->total_work > b->total_work : a->arrival < b->arrival;
}

}  // namespace

std::uint32_t median_time_past(const BlockNode& node) {
  std::array<std::uint32_t, pow::kMedianTimeSpan> times{};
  std::size_t count = 0;
  for (const BlockNode* at = &node; at != nullptr && count < times.size(); at = at->parent)
    times[count++] = at->header.time;
  std::reverse(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(count));
  return pow::median_time_past(std::span(times).first(count));
}

const BlockNode& ancestor_at(const BlockNode& node, std::uint64_t height) {
  assert(height <= node.height);
  const BlockNode* at = &node;
  while (at->height > height) at = at->parent;
  return *at;
}

const BlockNode& common_ancestor(const BlockNode& a, const BlockNode& b) {
  const std::uint64_t height = std::min(a.height, b.height);
  const BlockNode* left = &ancestor_at(a, height);
  const BlockNode* right = &ancestor_at(b, height);
  while (left != right) {
    left = left->parent;
    right = right->parent;
  }
  return *left;
}

HeaderTree::HeaderTree(const pow::Header& genesis, const Digest& genesis_id) {
  auto node = std::make_unique<BlockNode>();
  node->id = genesis_id;
  node->header = genesis;
  genesis_ = node.get();
  tips_.push_back(genesis_);
  nodes_.emplace(genesis_id, std::move(node));
}

const BlockNode* HeaderTree::find(const Digest& id) const {
  const auto found = nodes_.find(id);
  return found == nodes_.end() ? nullptr : found->second.get();
}

const BlockNode& HeaderTree::add(const pow::Header& header, const Digest& id,
                                 const BlockNode& parent) {
  assert(find(id) == nullptr && find(parent.id) == &parent);
  auto node = std::make_unique<BlockNode>();
  node->id = id;
  node->header = header;
  node->parent = &parent;
  node->height = parent.height + 1;
  node->total_work = parent.total_work + pow::work_of(pow::decode_bits(header.bits).target);
  node->arrival = ++arrivals_;
  const BlockNode& added = *node;
  nodes_.emplace(id, std::move(node));
  std::erase(tips_, &parent);
  tips_.push_back(&added);
  return added;
}

std::vector<Digest> HeaderTree::forget(const BlockNode& node) {
  assert(node.parent != nullptr);
  const BlockNode& parent = *node.parent;
  const auto builds_on_node = [&node](const BlockNode* tip) { return builds_on(*tip, node); };
  // All that builds on it lies on the way to one of the tips.
  std::unordered_set<const BlockNode*> dropped;
  for (const BlockNode* tip : tips_) {
    if (!builds_on_node(tip)) continue;
    for (const BlockNode* at = tip; at != &parent && dropped.insert(at).second;) at = at->parent;
  }
  std::erase_if(tips_, builds_on_node);
  std::vector<Digest> forgotten;
  for (const BlockNode* each : dropped)
    if (each != &node) forgotten.push_back(each->id);
  nodes_.erase(Digest(node.id));
  for (const Digest& id : forgotten) nodes_.erase(id);
  const bool is_covered = std::ranges::any_of(
      tips_, [&parent](const BlockNode* tip) { return builds_on(*tip, parent); });
  if (!is_covered) tips_.push_back(&parent);
  return forgotten;
}

const BlockNode& HeaderTree::best() const { return **std::ranges::min_element(tips_, is_better); }

}  // namespace salus::node
