#include "node/mqtt/awaited_receipts.h"

#include <utility>

namespace salus::node::mqtt {

void AwaitedReceipts::add(const Digest& id, std::weak_ptr<Peer> peer) {
  const std::lock_guard lock(mutex_);
  const auto [entry, is_new] = peers_.insert_or_assign(id, std::move(peer));
  if (!is_new) return;
  oldest_.push_back(id);
  if (oldest_.size() <= max_ids_) return;
  peers_.erase(oldest_.front());
  oldest_.pop_front();
}

bool AwaitedReceipts::contains(const Digest& id) const {
  const std::lock_guard lock(mutex_);
  return peers_.contains(id);
}

std::shared_ptr<Peer> AwaitedReceipts::take(const Digest& id) {
  const std::lock_guard lock(mutex_);
  const auto found = peers_.find(id);
  if (found == peers_.end()) return nullptr;
  std::shared_ptr<Peer> peer = found->second.lock();
  peers_.erase(found);
  return peer;
}

}  // namespace salus::node::mqtt
