#include "node/chain/orphan_pool.h"

#include <utility>

namespace salus::node {

bool OrphanPool::add(Orphan orphan) {
  if (limits_.blocks == 0 || orphan.block.size() > limits_.bytes) return false;
  if (contains(orphan.id)) return true;
  while (orphans_.size() >= limits_.blocks || orphan.block.size() > limits_.bytes - bytes_)
    remove(orphans_.begin());
  bytes_ += orphan.block.size();
  orphans_.push_back(std::move(orphan));
  by_id_.emplace(orphans_.back().id, std::prev(orphans_.end()));
  return true;
}

void OrphanPool::remove(List::iterator orphan) {
  bytes_ -= orphan->block.size();
  by_id_.erase(orphan->id);
  orphans_.erase(orphan);
}

std::vector<Orphan> OrphanPool::take_children(const Digest& parent) {
  std::vector<Orphan> children;
  for (auto at = orphans_.begin(); at != orphans_.end();) {
    const auto orphan = at++;
    if (orphan->parent != parent) continue;
    bytes_ -= orphan->block.size();
    by_id_.erase(orphan->id);
    children.push_back(std::move(*orphan));
    orphans_.erase(orphan);
  }
  return children;
}

}  // namespace salus::node
