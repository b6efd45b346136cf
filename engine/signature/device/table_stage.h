// Comb tables on their way from the host, which makes them, into a device's memory.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "engine/signature/cache/public_key_cache.h"

namespace salus::engine::signature::device {

/// Writes a table at its offset in the memory for tables. Called by the thread that the device
/// works for, while no kernel reads tables.
using StoreTable = std::function<void(std::uint64_t offset, Bytes table)>;

/// Makes tables for a device. The cache's own thread never touches the device: what it makes waits
/// here until the device's thread stores it, which it does after it has looked keys up and before
/// it launches kernels. So every table that was found is in its place. That tables are stored in
/// the order in which they were made lets a place that is given away again hold the later one.
class TableStage final : public TableMaker {
 public:
  /// `store` is called by `store_staged`, and by `make` while AtOnce lives.
  explicit TableStage(StoreTable store) : store_(std::move(store)) {}

  /// Of tables that the host makes beside the device's work.
  [[nodiscard]] TableCost cost(TableKind kind) const override;

  /// Any thread. Says "no point", too, while more than some tens of megabytes wait: such a key asks
  /// again when it comes back.
  std::vector<bool> make(TableKind kind, std::span<const Bytes> keys,
                         std::span<const std::uint64_t> offsets) override;

  /// Stores the tables that were made so far. The device's thread. What `store` throws leaves the
  /// table here, so that no later call goes on without it.
  void store_staged();

  /// While it lives, tables that this thread makes are stored at once.
  class AtOnce {
   public:
    explicit AtOnce(TableStage& stage) : stage_(stage) {
      stage_.storing_ = std::this_thread::get_id();
    }
    ~AtOnce() { stage_.storing_ = std::thread::id(); }
    AtOnce(const AtOnce&) = delete;
    AtOnce& operator=(const AtOnce&) = delete;

   private:
    TableStage& stage_;
  };

 private:
  struct Table {
    std::uint64_t offset;
    std::vector<std::uint64_t> words;
  };

  void make_some(TableKind kind, std::span<const Bytes> keys, std::vector<bool>& is_point);
  void stage(Table table);
  [[nodiscard]] bool is_full(std::uint64_t more);

  StoreTable store_;
  std::atomic<std::thread::id> storing_ = std::thread::id();
  std::vector<std::uint64_t> made_;  // belongs to `make`, which one thread at a time calls
  std::mutex mutex_;                 // of what follows
  std::deque<Table> staged_;
  std::uint64_t staged_bytes_ = 0;
};

}  // namespace salus::engine::signature::device
