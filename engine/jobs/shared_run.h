// One job shared by several devices: each takes a piece as large as it does in a moment, so that
// the split follows measured speed; what a failing device leaves behind is done by the others.
#pragma once

#include <atomic>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "engine/engine.h"
#include "engine/jobs/device_pool.h"
#include "engine/stopwatch.h"

namespace salus::engine {

/// A piece takes about this long: short enough to stop and rebalance soon, long against a launch.
inline constexpr double kPieceSeconds = 0.05;

/// Runs `source` to its end on `slots`, and on what the pool has left when all of those fail.
///
/// Source (its methods are called from many threads at once):
///   std::optional<Piece> take(double units);  // about that many; 0 = unknown, take a small one
///   void give_back(Piece);                    // its device failed
///   void finish(const Piece&);                // done; also counts progress
///   bool complete();                          // nothing is left to take
///   double units(const Piece&);
/// `work(device, piece)` throws `Error` (device) when the device cannot do it.
///
/// Returns early when `control.stop` asks for it; the caller looks at source.complete().
template <class Source, class Work>
class SharedRun {
 public:
  SharedRun(DevicePool& pool, Job job, Source& source, Work work, const std::stop_token& stop)
      : pool_(pool), job_(job), source_(source), work_(std::move(work)), stop_(stop) {}

  void run(std::vector<Slot*> slots) {
    while (true) {
      run_once(slots);
      if (failure_) std::rethrow_exception(failure_);
      if (stop_.stop_requested() || source_.complete()) return;
      slots = pool_.slots(job_);
    }
  }

 private:
  void run_once(const std::vector<Slot*>& slots) {
    std::vector<std::jthread> helpers;
    for (std::size_t i = 1; i < slots.size(); ++i)
      helpers.emplace_back([this, slot = slots[i]] { serve(*slot); });
    serve(*slots.front());
  }

  void serve(Slot& slot) {
    while (!stop_.stop_requested() && !failed_) {
      auto piece = source_.take(slot.speed(job_).units_per_second * kPieceSeconds);
      if (!piece) return;
      if (!try_piece(slot, *piece)) {
        source_.give_back(std::move(*piece));
        return;
      }
      source_.finish(*piece);
    }
  }

  bool try_piece(Slot& slot, const auto& piece) {
    try {
      const std::unique_lock lock = slot.lock_for(job_);
      const Stopwatch watch;
      work_(*slot.device, piece);
      slot.learn(job_, source_.units(piece), watch.seconds());
      return true;
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::device)
        pool_.drop(slot, error);
      else
        fail();
    } catch (...) {
      fail();
    }
    return false;
  }

  void fail() {
    const std::scoped_lock lock(mutex_);
    if (!failure_) failure_ = std::current_exception();
    failed_ = true;
  }

  DevicePool& pool_;
  Job job_;
  Source& source_;
  Work work_;
  std::stop_token stop_;
  std::mutex mutex_;
  std::exception_ptr failure_;
  std::atomic<bool> failed_ = false;
};

}  // namespace salus::engine
