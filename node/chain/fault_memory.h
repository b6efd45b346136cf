// Ids of blocks that were found not to be valid, so that nothing is checked twice; bounded.
#pragma once

#include <deque>
#include <optional>
#include <unordered_map>

#include "engine/bytes.h"
#include "node/chain/block_fault.h"
#include "node/state/id_hash.h"

namespace salus::node {

/// Forgets what it learnt first. A block that was forgotten is found not to be valid once more. One
/// thread at a time.
class FaultMemory {
 public:
  explicit FaultMemory(std::size_t capacity) : capacity_(capacity) {}

  [[nodiscard]] std::optional<BlockFault> find(const Digest& id) const {
    const auto found = faults_.find(id);
    if (found == faults_.end()) return std::nullopt;
    return found->second;
  }

  void add(const Digest& id, const BlockFault& fault) {
    if (capacity_ == 0 || !faults_.emplace(id, fault).second) return;
    order_.push_back(id);
    if (order_.size() <= capacity_) return;
    faults_.erase(order_.front());
    order_.pop_front();
  }

  [[nodiscard]] std::size_t size() const { return faults_.size(); }

 private:
  std::size_t capacity_;
  std::unordered_map<Digest, BlockFault, IdHash> faults_;
  std::deque<Digest> order_;
};

}  // namespace salus::node
