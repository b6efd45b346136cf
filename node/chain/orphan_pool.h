// Blocks whose parent has not come yet, in bounded memory.
#pragma once

#include <cstdint>
#include <list>
#include <unordered_map>
#include <vector>

#include "engine/bytes.h"
#include "node/state/id_hash.h"

namespace salus::node {

struct OrphanLimits {
  std::size_t blocks = 256;
  std::size_t bytes = std::size_t{256} << 20;
};

/// A block that waits.
struct Orphan {
  Digest id{};
  Digest parent{};
  std::vector<std::uint8_t> block;
};

/// Holds blocks that have work and whose bytes are what their header commits to. When it is full
/// the one that came first goes first: what is wanted can be asked for again. One thread at a time.
class OrphanPool {
 public:
  explicit OrphanPool(OrphanLimits limits) : limits_(limits) {}

  [[nodiscard]] bool contains(const Digest& id) const { return by_id_.contains(id); }
  [[nodiscard]] std::size_t size() const { return orphans_.size(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

  /// False where the block alone is beyond the limits. One that is there already stays as it is.
  bool add(Orphan orphan);

  /// Takes out all that wait for this block, in the order in which they came.
  std::vector<Orphan> take_children(const Digest& parent);

 private:
  using List = std::list<Orphan>;

  void remove(List::iterator orphan);

  OrphanLimits limits_;
  List orphans_;  // in the order in which they came
  std::unordered_map<Digest, List::iterator, IdHash> by_id_;
  std::size_t bytes_ = 0;
};

}  // namespace salus::node
