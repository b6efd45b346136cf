// Which clients wait for the receipts of which statements.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "node/mqtt/peer.h"
#include "node/state/id_hash.h"

namespace salus::node::mqtt {

/// Thread safe. Holds the newest `max_ids`; a client whose statement was forgotten asks by HTTP.
class AwaitedReceipts {
 public:
  explicit AwaitedReceipts(std::size_t max_ids) : max_ids_(max_ids) {}

  void add(const Digest& id, std::weak_ptr<Peer> peer);
  [[nodiscard]] bool contains(const Digest& id) const;
  /// Who waits for it, if still connected; nobody does afterwards.
  std::shared_ptr<Peer> take(const Digest& id);

 private:
  std::size_t max_ids_;
  mutable std::mutex mutex_;
  std::unordered_map<Digest, std::weak_ptr<Peer>, IdHash> peers_;
  std::deque<Digest> oldest_;  // Each id in `peers_` and some that were taken, in order of arrival.
};

}  // namespace salus::node::mqtt
