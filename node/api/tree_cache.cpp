#include "node/api/tree_cache.h"

#include <algorithm>
#include <utility>

namespace salus::node::api {

std::shared_ptr<const merkle::Tree> TreeCache::find(
    const Digest& block, const std::function<std::optional<merkle::Tree>()>& build) {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find(kept_, block, &Kept::block);
  if (found != kept_.end()) {
    std::rotate(kept_.begin(), found, found + 1);
    return kept_.front().tree;
  }
  std::optional<merkle::Tree> built = build();
  if (!built) return nullptr;
  auto tree = std::make_shared<const merkle::Tree>(std::move(*built));
  leaves_ += tree->size();
  kept_.push_front({block, tree});
  while (leaves_ > max_leaves_ && kept_.size() > 1) {
    leaves_ -= kept_.back().tree->size();
    kept_.pop_back();
  }
  return tree;
}

}  // namespace salus::node::api
